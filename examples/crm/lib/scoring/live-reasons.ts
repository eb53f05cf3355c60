import { once } from '@unite/core/once';

type Listener = (text: string) => void;

/** What one call of a model has said, and who hears it. */
interface Speech {
  readonly listeners: Set<Listener>;
  isSpoken: boolean;
  text: string;
}

/**
 * What models are saying now. Several who ask the same are answered by one call: who comes later hears it from its
 * beginning. As many as there are requests that ask or listen.
 */
class LiveReasons {
  readonly #speeches = new Map<string, Speech>();

  /** @returns ends the listening */
  listen(key: string, listener: Listener): () => void {
    const speech = this.#speeches.get(key) ?? this.#begin(key);
    speech.listeners.add(listener);
    if (speech.text !== '') listener(speech.text);
    return () => {
      speech.listeners.delete(listener);
      if (speech.listeners.size === 0 && !speech.isSpoken) this.#forget(key, speech);
    };
  }

  /**
   * Who speaks to those who listen, or will.
   *
   * @returns `say` takes all of the text so far
   */
  speak(key: string): { say(text: string): void; end(): void } {
    const waiting = this.#speeches.get(key);
    // A second call for the same question leaves the listeners of the first with what they hear.
    const speech = waiting && !waiting.isSpoken ? waiting : this.#begin(key);
    speech.isSpoken = true;
    return {
      say(text) {
        if (text.length <= speech.text.length || !text.startsWith(speech.text)) return;
        const more = text.slice(speech.text.length);
        speech.text = text;
        for (const listener of speech.listeners) listener(more);
      },
      end: () => this.#forget(key, speech),
    };
  }

  #begin(key: string): Speech {
    const speech: Speech = { listeners: new Set(), isSpoken: false, text: '' };
    this.#speeches.set(key, speech);
    return speech;
  }

  #forget(key: string, speech: Speech): void {
    if (this.#speeches.get(key) === speech) this.#speeches.delete(key);
  }
}

export const liveReasons = () => once('crm.live-reasons', () => new LiveReasons());
