/** A URL for messages: without user, password and query, in which signatures and tokens stand. */
export function shownUrl({ origin, pathname }: URL): string {
	return `${origin}${pathname}`;
}
