import { onAbort } from "../../async/abort-listeners.ts";
import { abortable } from "../../async/abortable.ts";
import { requestController } from "../../async/request-controller.ts";
import { asError } from "../../options/thrown-value.ts";
import type { SessionRequest } from "./transport.ts";
import {
	type Committed,
	commit,
	doubt,
	type FinalPhase,
	fail,
	SENDING,
	store,
	type UploadPhase,
} from "./upload-phase.ts";

/** How long the answer to Complete is waited for when the caller wants to stop. */
const COMMIT_GRACE_MS = 3_000;

/** The {@link UploadPhase} of one upload, what is under way for it, and the signals that end that. */
export class UploadState {
	#phase: UploadPhase = SENDING;
	readonly #stop = requestController();
	readonly #giveUp = new AbortController();
	readonly #underWay = new Set<Promise<unknown>>();
	/** Lets go of the caller's signal. */
	readonly #unfollow: () => void;
	readonly #beforeComplete: SessionRequest["beforeComplete"];

	/** @param signal - The caller's. */
	constructor(signal: AbortSignal | undefined, beforeComplete?: SessionRequest["beforeComplete"]) {
		this.#beforeComplete = beforeComplete;
		this.#unfollow = onAbort(signal, (reason) => {
			if (this.#phase.name === "sending") this.fail(reason);
			// Once the object may be visible, stopping at once would only hide whether it is.
			else setTimeout(() => this.#giveUp.abort(reason), COMMIT_GRACE_MS).unref();
		});
	}

	/** Aborts as soon as anything has failed, with the first failure as its reason. */
	get stop(): AbortSignal {
		return this.#stop.signal;
	}

	/** Ends the wait for the answer to a commit, some time after the caller has asked for an end. */
	get giveUp(): AbortSignal {
		return this.#giveUp.signal;
	}

	/** Records the first failure and ends what is under way. */
	fail(reason: unknown): void {
		// `undefined` is no reason to the platform either: it would put an AbortError in its place.
		const failure = reason === undefined ? asError(reason, "the storage client") : reason;
		this.#phase = fail(this.#phase, failure);
		this.#stop.abort(failure);
	}

	/** Lets the caller have a last look before the commit. @throws what the caller's code has thrown */
	async ready(): Promise<void> {
		if (this.#beforeComplete === undefined || this.stop.aborted) return;
		const ready = (async () => this.#beforeComplete?.(this.stop))();
		await abortable(ready, this.stop).catch((error: unknown) => {
			throw asError(error, "beforeComplete");
		});
	}

	/** @throws the first failure, if there was one */
	commit(): void {
		this.#phase = commit(this.#phase);
	}

	doubt(): void {
		this.#phase = doubt(this.#phase);
	}

	store(answer: Committed): void {
		this.#phase = store(this.#phase, answer);
	}

	/** Does a piece of the upload, and stops everything if that fails. */
	async run<Result>(work: () => Promise<Result>): Promise<Result> {
		const result = (async () => work())(); // what it throws at once is a failure as well
		this.#underWay.add(result);
		try {
			return await result;
		} catch (error) {
			this.fail(error);
			throw error;
		} finally {
			this.#underWay.delete(result);
		}
	}

	/** Waits until nothing is under way any more. */
	async end(): Promise<FinalPhase> {
		this.#unfollow();
		await Promise.allSettled(this.#underWay);
		const { name } = this.#phase;
		if (name === "sending" || name === "committing")
			this.fail(new TypeError("the upload has ended, and nobody has completed it"));
		return this.#phase as FinalPhase;
	}
}
