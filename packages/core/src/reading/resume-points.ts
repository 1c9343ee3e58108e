import type { CheckpointTaker } from "./environment.js";
import type { Checkpoint, Passing } from "./item.js";

/**
 * The points from which a resource can be resumed, as its function names them or its cursor tells.
 *
 * The state of a point is taken down when it is named, since the function goes on at once. Rows before it may still be on their way
 * then: gathered, or work that was handed out. If they change the state as well, what was taken down is that of no moment; such a point is
 * passed over, and up to the next one the function goes on only once everything before is through.
 */
export class ResumePoints {
  cursorResumes = false;
  readonly #taker: CheckpointTaker | undefined;
  readonly #isRoot: boolean;
  #keepsState = false;
  #named: Checkpoint | null = null;
  #hasWork = false;
  #isEarly = false;
  #goesStepByStep = false;
  /** Points that were named while rows before them were on their way. */
  readonly #early = new WeakSet<Checkpoint>();

  /** A transformer is resumed with the resource that feeds it, and has no points of its own. */
  constructor(taker: CheckpointTaker | undefined, isRoot: boolean) {
    this.#taker = taker;
    this.#isRoot = isRoot;
  }

  /** After each page that passed the cursor, unless the function keeps a state of which only it knows when it is complete. */
  get areByCursor(): boolean {
    return this.#isRoot && this.cursorResumes && !this.#keepsState && this.#taker?.isWanted() === true;
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
    if (!this.#isRoot || this.#taker?.isWanted() !== true) return;
    this.#named = { kind: "checkpoint", state: this.#taker.captureState() };
    if (this.#isEarly) this.#early.add(this.#named);
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
    this.#isEarly = hasRows || this.#hasWork;
  }

  /** What comes out of the last step, without points whose state is that of no moment. */
  async *settled(items: AsyncIterable<Passing>): AsyncGenerator<Passing> {
    for await (const item of items) {
      if (item.kind === "checkpoint") {
        this.#goesStepByStep = this.#early.has(item) && this.#taker?.isCurrent(item.state) !== true;
        if (this.#goesStepByStep) continue;
      }
      yield item;
    }
  }
}
