#!/usr/bin/env node
// The entry point of the command. Old versions of Node.js must be able to read this file, so that they can say what
// they lack: the build lowers its syntax to that of Node 12, and `node:` may be used behind the check only.
const running = process.versions.node;
const [major = 0, minor = 0] = running.split(".").map(Number);
/** As `engines` in package.json; 23, which is at its end of life, happens to work. */
const suffices = major === 20 ? minor >= 19 : major === 22 ? minor >= 12 : major >= 23;

if (suffices) {
	// Signals first: until its handlers are there, one that comes ends the process without a word, and loading takes a
	// moment. These note it for `main`.
	const caught: NodeJS.Signals[] = [];
	const listener = (signal: NodeJS.Signals) => void caught.push(signal);
	for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, listener);

	// libuv reads the size of its pool once, when the pool is first used, and the loader of ES modules uses it before
	// the first line of a module runs: so this is none. Blocks are deflated in that pool; Node's own default is 4,
	// whatever the machine has.
	const { availableParallelism } = require("node:os") as typeof import("node:os");

	process.env["UV_THREADPOOL_SIZE"] ??= String(Math.max(4, availableParallelism()));
	void import("./main.js").then(({ main }) => main({ caught, listener }));
} else {
	const message = `needs Node.js 20.19+, 22.12+ or 24+; this is ${running} (${process.execPath})`;
	process.stderr.write(`zipferry: ${message}\n`);
	process.exitCode = 2; // as for wrong usage; see exit-codes.ts
}
