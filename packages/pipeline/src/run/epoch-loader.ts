import { combineLoadInfo, type LoadInfo } from "../info/load-info.js";

/** Epochs that may wait to be loaded before the extract waits, so that the disk does not fill with them. */
const epochsWaiting = 2;

/** Loads epochs one after the other, while the next ones are extracted. */
export class EpochLoader {
  readonly #load: () => Promise<LoadInfo>;
  readonly #failing = new AbortController();
  #waiting = 0;
  #info: LoadInfo | null = null;
  #running: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #wake: (() => void)[] = [];

  /** `load` loads all packages that are there. */
  constructor(load: () => Promise<LoadInfo>) {
    this.#load = load;
  }

  /** Aborts when an epoch could not be loaded. */
  get failed(): AbortSignal {
    return this.#failing.signal;
  }

  /** Has one more epoch loaded. Resolves once there is room for the next. After a failure nothing more is loaded. */
  async add(): Promise<void> {
    if (this.#failure !== null) return;
    this.#waiting += 1;
    this.#running ??= this.#loadAll();
    while (this.#waiting > epochsWaiting && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
      });
    }
  }

  /** Waits for what is under way, whatever comes of it. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** What was loaded; `null`: nothing. @throws what kept an epoch from being loaded */
  async finish(): Promise<LoadInfo | null> {
    await this.#running;
    if (this.#failure !== null) throw this.#failure.error;
    return this.#info;
  }

  async #loadAll(): Promise<void> {
    try {
      while (this.#waiting > 0) {
        const loading = this.#waiting;
        const info = await this.#load();
        this.#info = this.#info === null ? info : combineLoadInfo(this.#info, info);
        this.#waiting -= loading;
        this.#wakeAll();
      }
    } catch (error) {
      this.#failure = { error };
      this.#failing.abort(error);
      this.#wakeAll();
    } finally {
      this.#running = null;
    }
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const each of wake) each();
  }
}
