/** The state and who listens to it. */
import { reduce } from "../model/reducer.ts";
import type { Action, Effect, ReviewState } from "../model/types.ts";
import type { Store } from "../view/app.tsx";

export class ReviewStore implements Store {
  private current: ReviewState;
  private readonly listeners = new Set<() => void>();
  private readonly perform: (effect: Effect) => void;

  /** `perform` is told what the reducer asks for. */
  constructor(initial: ReviewState, perform: (effect: Effect) => void) {
    this.current = initial;
    this.perform = perform;
  }

  readonly state = (): ReviewState => this.current;

  dispatch(action: Action): void {
    const { state, effects } = reduce(this.current, action);
    if (state !== this.current) {
      this.current = state;
      for (const listener of this.listeners) listener();
    }
    for (const effect of effects) this.perform(effect);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}
