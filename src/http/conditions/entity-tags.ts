/** What a condition names: any state at all, or states by their tags, each with its quotes and without `W/`. */
export type EntityTags = "any" | readonly EntityTag[];

interface EntityTag {
	/** With its quotes, without `W/`. */
	readonly tag: string;
	readonly weak: boolean;
}

const TAG = /^(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/;

/** The list of a condition (RFC 9110, 8.8.3 and 13.1). What is no tag ends the list: it names nothing that we have given. */
export function parseEntityTags(header: string): EntityTags {
	if (header.trim() === "*") return "any";
	const tags: EntityTag[] = [];
	let rest = header.replace(/^[\s,]+/, "");
	for (let found = TAG.exec(rest); found !== null; found = TAG.exec(rest)) {
		const [whole, weak, tag = ""] = found;
		tags.push({ tag, weak: weak !== undefined });
		rest = rest.slice(whole.length).replace(/^[\s,]+/, "");
	}
	return tags;
}
