#!/usr/bin/env node
// What the command starts with. libuv reads the size of its pool once, when the pool is first used, and the
// loader of ES modules uses it before the first line of a module runs: so this is none. Blocks are deflated
// in that pool; Node's own default is 4, whatever the machine has.
const { availableParallelism } = require("node:os") as typeof import("node:os");

process.env["UV_THREADPOOL_SIZE"] ??= String(Math.max(4, availableParallelism()));
void import("./main.js");
