#!/usr/bin/env node
// The entry point of the command. Signals first: until its handlers are there, one that comes ends the process
// without a word, and loading takes a moment. These note it for `main`.
const caught: NodeJS.Signals[] = [];
const listener = (signal: NodeJS.Signals) => void caught.push(signal);
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, listener);

// libuv reads the size of its pool once, when the pool is first used, and the loader of ES modules uses it before
// the first line of a module runs: so this is none. Blocks are deflated in that pool; Node's own default is 4,
// whatever the machine has.
const { availableParallelism } = require("node:os") as typeof import("node:os");

process.env["UV_THREADPOOL_SIZE"] ??= String(Math.max(4, availableParallelism()));
void import("./main.js").then(({ main }) => main({ caught, listener }));
