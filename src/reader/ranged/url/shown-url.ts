/** A URL for messages: without user, password and query, in which signatures and tokens stand. */
export function shownUrl({ origin, pathname }: URL): string {
	return `${origin}${pathname}`;
}

/** The same for text that is no URL. */
export function shownAddress(text: string): string {
	return text.replace(/[?#].*$/s, "").replace(/\/\/[^/]*@/, "//");
}
