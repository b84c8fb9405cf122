const SAMPLE_US = 10_000;
const MOST = 3;

/**
 * How many times slower this process is at the moment than it would be alone on the machine, 1 to 3: time
 * that passes for each unit of processor time it gets. Time-outs of seconds are to be about the fault, not
 * about other work.
 */
export function slowness(): number {
	const startedAt = performance.now();
	const before = process.cpuUsage();
	let used = 0;
	while (used < SAMPLE_US) {
		const { user, system } = process.cpuUsage(before);
		used = user + system;
	}
	return Math.min(MOST, Math.max(1, ((performance.now() - startedAt) * 1000) / used));
}
