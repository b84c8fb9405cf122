const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type SignalName = keyof typeof EXIT_CODES;

/** The run was stopped from outside; everything under way has been undone. */
export class Interrupted extends Error {
	override readonly name = "Interrupted";
	readonly exitCode: number;

	constructor(signal: SignalName) {
		super(`stopped by ${signal}; nothing was published and nothing of the upload is left`);
		this.exitCode = EXIT_CODES[signal];
	}
}

/**
 * Turns the first signal into an abort, so that the run can undo what it has begun. A second one ends the
 * process at once.
 *
 * @param onForced - What to say before that; gets the exit code.
 */
export function abortOnSignals(onForced: (exitCode: number) => void): {
	signal: AbortSignal;
	dispose: () => void;
} {
	const controller = new AbortController();
	const handle = (name: NodeJS.Signals) => {
		const signal = name as SignalName; // only these are listened to
		if (controller.signal.aborted) onForced(EXIT_CODES[signal]);
		else controller.abort(new Interrupted(signal));
	};
	const names = Object.keys(EXIT_CODES) as SignalName[];
	for (const name of names) process.on(name, handle);
	return {
		signal: controller.signal,
		dispose() {
			for (const name of names) process.off(name, handle);
		},
	};
}
