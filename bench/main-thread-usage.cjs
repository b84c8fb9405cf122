/**
 * Loaded into the command before anything else (`--require`): tells at its end what the main thread took, and lets it
 * believe in as many cores as `BENCH_CORES` says, so that it divides its work as it would there.
 */
const { readFileSync, writeFileSync } = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const os = require("node:os");
const { isMainThread } = require("node:worker_threads");

if (process.env.BENCH_CORES) {
	os.availableParallelism = () => Number(process.env.BENCH_CORES);
	syncBuiltinESMExports();
}
if (isMainThread) {
	process.on("exit", () => {
		const { user, system } = process.cpuUsage();
		writeFileSync(
			process.env.BENCH_USAGE,
			JSON.stringify({ mainMs: mainMs(), allMs: (user + system) / 1000 }),
		);
	});
}

/** Processor time of this thread. Linux tells it in nanoseconds; Node does from 23.9 on. */
function mainMs() {
	if (process.threadCpuUsage !== undefined) {
		const { user, system } = process.threadCpuUsage();
		return (user + system) / 1000;
	}
	return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}
