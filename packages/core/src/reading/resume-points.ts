import type { CheckpointTaker } from "./environment.js";
import type { Checkpoint, Passing } from "./item.js";

/**
 * The points from which a resource can be resumed, as its function names them or its cursor tells.
 *
 * The state of a point is taken down when it is named, since the function goes on at once. Rows before it may still be on their way
 * then: gathered, or work that was handed out. If they change the state as well, what was taken down is that of no moment; such a point is
 * passed over, and up to the next one the function goes on only once everything before is through.
 *
 * What the function itself changes does not count. It is known to be at work from when it goes on until it first waits; a change at
 * any other time may be one of the rows.
 */
export class ResumePoints {
  cursorResumes = false;
  readonly #taker: CheckpointTaker | undefined;
  readonly #isRoot: boolean;
  #keepsState = false;
  #named: Checkpoint | null = null;
  #hasWork = false;
  #isEarly = false;
  #isAtWork = false;
  #goesStepByStep = false;
  #mayReadPast = true;
  /** Points that were named while rows before them were on their way, and have not come through; only the function has changed the state. */
  readonly #early = new Set<Checkpoint>();
  /** Other points of that kind. */
  readonly #unfit = new WeakSet<Checkpoint>();
  /** What the function left, as long as there are early points. */
  #left: unknown;

  /** A transformer is resumed with the resource that feeds it, and has no points of its own. */
  constructor(taker: CheckpointTaker | undefined, isRoot: boolean) {
    this.#taker = taker;
    this.#isRoot = isRoot;
  }

  /** After each page that passed the cursor, unless the function keeps a state of which only it knows when it is complete. */
  get areByCursor(): boolean {
    return this.#isRoot && this.cursorResumes && !this.#keepsState && this.#taker?.isWanted() === true;
  }

  /** The function may go on behind a point before that is through: so far no point was passed over. */
  get mayReadPast(): boolean {
    return this.#mayReadPast;
  }

  /** The function is to go on only once everything before is through. */
  get goesStepByStep(): boolean {
    return this.#goesStepByStep;
  }

  keepState(): void {
    this.#keepsState = true;
  }

  /** The function names a point. */
  name(): void {
    this.keepState();
    if (!this.#isRoot || this.#taker === undefined) return;
    // Going step by step ends with the next point, wanted or not.
    if (!this.#taker.isWanted() && !this.#goesStepByStep) return;
    if (!this.#isAtWork) this.#compare();
    if (this.#named !== null) this.#early.delete(this.#named);
    this.#named = { kind: "checkpoint", state: this.#taker.captureState() };
    if (!this.#isEarly) return;
    this.#early.add(this.#named);
    this.#left = this.#named.state;
  }

  /** The point that was named since the last one was taken, if any. */
  take(): Checkpoint | null {
    const named = this.#named;
    this.#named = null;
    return named;
  }

  /** More is asked for, while work that was handed out is under way or not. */
  asked({ hasWork }: { readonly hasWork: boolean }): void {
    this.#hasWork = hasWork;
  }

  /** The function goes on, while rows are gathered or not. */
  resumed({ hasRows }: { readonly hasRows: boolean }): void {
    this.#compare();
    this.#isEarly = hasRows || this.#hasWork;
    this.#isAtWork = true;
  }

  /** The function has given something, or waits. */
  paused(): void {
    this.#isAtWork = false;
    if (this.#early.size > 0) this.#left = this.#taker?.captureState();
  }

  /** What comes out of the last step, without points whose state is that of no moment. */
  async *settled(items: AsyncIterable<Passing>): AsyncGenerator<Passing> {
    for await (const item of items) {
      if (item.kind === "checkpoint") {
        if (this.#early.has(item)) this.#compare();
        this.#early.delete(item);
        this.#goesStepByStep = this.#unfit.has(item);
        if (this.#goesStepByStep) {
          this.#mayReadPast = false;
          continue;
        }
      }
      yield item;
    }
  }

  /** Whether the state is as the function left it. */
  #compare(): void {
    if (this.#early.size === 0 || this.#taker?.isCurrent(this.#left) === true) return;
    for (const point of this.#early) this.#unfit.add(point);
    this.#early.clear();
  }
}
