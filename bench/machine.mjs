import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";

/** Above this, something else is running, and wall times say little. */
const QUIET_LOAD = 0.5;

export function describeMachine() {
	const load = loadavg()[0];
	return {
		cores: availableParallelism(),
		cpu: cpus()[0]?.model.trim() ?? "unknown",
		memoryGib: Math.round(totalmem() / 1024 ** 3),
		system: `${type()} ${release()}`,
		node: process.version,
		load: Number(load.toFixed(2)),
		quiet: load <= QUIET_LOAD,
		date: new Date().toISOString().slice(0, 10),
	};
}

export function machineLine({ cores, cpu, memoryGib, system, node, load, date }) {
	return `${cores} cores (${cpu}), ${memoryGib} GiB, ${system}, Node ${node}, load ${load} at the start, ${date}`;
}
