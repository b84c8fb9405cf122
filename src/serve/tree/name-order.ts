import { textOf } from "../../sources/files/place.ts";

/** Sorting more by the rules of languages would hold up all other requests. */
const MOST_COLLATED = 20_000;

const collator = new Intl.Collator("en", { numeric: true });

/** Sorts things by their names, as people look for them: `file 9` before `file 10`, `ä` beside `a`. */
export function sortByName<Named extends { readonly name: string }>(items: readonly Named[]): Named[] {
	const byBytes = (a: Named, b: Named) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
	if (items.length > MOST_COLLATED) return [...items].sort(byBytes);
	return items
		.map((item) => ({ item, text: textOf(item.name) }))
		.sort((a, b) => collator.compare(a.text, b.text) || byBytes(a.item, b.item))
		.map(({ item }) => item);
}
