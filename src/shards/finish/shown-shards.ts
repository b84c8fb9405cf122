/** More of them say less. */
const MAX_RANGES = 8;

/**
 * Indexes of shards as people write them, and as the command takes them: `0-3, 7`.
 *
 * @param indexes - In their order.
 */
export function shownShards(indexes: readonly number[]): string {
	const ranges: { first: number; last: number }[] = [];
	for (const index of indexes) {
		const range = ranges.at(-1);
		if (range !== undefined && range.last === index - 1) range.last = index;
		else ranges.push({ first: index, last: index });
	}
	const shown = ranges
		.slice(0, MAX_RANGES)
		.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
	const left = ranges.slice(MAX_RANGES).reduce((sum, { first, last }) => sum + last - first + 1, 0);
	return left === 0 ? shown.join(", ") : `${shown.join(", ")} and ${left} more`;
}
