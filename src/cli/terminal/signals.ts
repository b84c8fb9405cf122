import { StorageError } from "../../errors.ts";

const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type SignalName = keyof typeof EXIT_CODES;

/** The run was stopped from outside; everything under way has been undone. */
export class Interrupted extends Error {
	override readonly name = "Interrupted";
	readonly exitCode: number;
	readonly #signal: SignalName;

	constructor(signal: SignalName, consequence = "nothing was published and nothing of the upload is left") {
		super(`stopped by ${signal}; ${consequence}`);
		this.exitCode = EXIT_CODES[signal];
		this.#signal = signal;
	}

	/** The same, for a run with something else to say about what is left. */
	saying(consequence: string): Interrupted {
		return new Interrupted(this.#signal, consequence);
	}
}

/** A stop stays a stop, also where it could not undo everything: then it says what is left. */
export function asInterrupted(error: unknown): unknown {
	if (!(error instanceof StorageError && error.cause instanceof Interrupted)) return error;
	const { outcome } = error.facts;
	return outcome === undefined ? error.cause : error.cause.saying(outcome);
}

/** Signals that came while the program was being loaded, and what has noted them. */
export interface EarlySignals {
	readonly caught: readonly NodeJS.Signals[];
	readonly listener: (signal: NodeJS.Signals) => void;
}

/**
 * Turns the first signal into an abort, so that the run can undo its work. A second one ends the
 * process at once.
 *
 * @param onForced - What to say before that; gets the exit code.
 * @param ignored - Signals that change nothing.
 * @param early - Who has listened so far; not any more.
 */
export function abortOnSignals(
	onForced: (exitCode: number) => void,
	ignored: readonly SignalName[],
	early: EarlySignals,
): AbortSignal {
	const controller = new AbortController();
	const handle = (name: NodeJS.Signals) => {
		const signal = name as SignalName; // only these are listened to
		if (ignored.includes(signal)) return;
		if (controller.signal.aborted) onForced(EXIT_CODES[signal]);
		else controller.abort(new Interrupted(signal));
	};
	const names = Object.keys(EXIT_CODES) as SignalName[];
	for (const name of names) process.on(name, handle).off(name, early.listener);
	for (const name of early.caught) handle(name);
	return controller.signal;
}
