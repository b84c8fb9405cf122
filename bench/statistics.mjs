export function median(values) {
	const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What the runs of one peer come to: medians, extremes, the most memory of all runs. */
export function summarise(runs) {
	const walls = runs.map(({ wallMs }) => wallMs);
	const cpus = runs.map(({ cpuMs }) => cpuMs);
	return {
		wall: median(walls),
		fastest: Math.min(...walls),
		slowest: Math.max(...walls),
		cpu: median(cpus),
		rss: runs[0].rssKib === undefined ? undefined : Math.max(...runs.map(({ rssKib }) => rssKib)),
	};
}

const FIELDS = { wall: "wallMs", cpu: "cpuMs" };

/**
 * The median of the ratios within each round, where both ran one after the other: what slows the machine
 * for a while slows both. Sizes do not vary.
 */
export function pairedRatio(peer, reference, metric) {
	if (!peer?.runs?.length || !reference?.runs?.length) return undefined;
	if (metric === "size") return peer.bytes / reference.bytes;
	const field = FIELDS[metric];
	const rounds = Math.min(peer.runs.length, reference.runs.length);
	return median(Array.from({ length: rounds }, (_, i) => peer.runs[i][field] / reference.runs[i][field]));
}
