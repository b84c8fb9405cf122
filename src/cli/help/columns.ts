/** Where nobody says how wide a line can be: a file, a pipe, a terminal that does not know. */
const ASSUMED = 80;
/** Longer lines are hard to read, and shorter ones cannot be laid out. */
const [NARROWEST, WIDEST] = [20, 100];

/** Columns for a help. */
export function helpColumns({ columns }: { readonly columns?: number | undefined }): number {
	return Math.min(WIDEST, Math.max(NARROWEST, columns || ASSUMED));
}
