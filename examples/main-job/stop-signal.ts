const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const controller = new AbortController();
let exitCode: number | undefined;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
	process.on(name, () => {
		exitCode ??= EXIT_CODES[name];
		controller.abort(new Error(`stopped by ${name}; nothing is left behind`));
	});
}

/** Aborts on Ctrl-C and the like, so that everything can be cleaned up. */
export const stopSignal: AbortSignal = controller.signal;

/** The exit code of a run that was stopped; `undefined` if it was not. */
export function stopped(): number | undefined {
	return exitCode;
}
