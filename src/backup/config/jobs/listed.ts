/** A list of one or more, of which one may be written by itself. */
export function listed<Item>(written: Item | readonly Item[] | undefined): readonly Item[] {
	if (written === undefined) return [];
	return Array.isArray(written) ? written : [written as Item];
}
