import { compose, file, sourceOf, type Thing } from "../../compose/composed.ts";
import { lines, noise } from "../../support/bytes.ts";
import { sha256 } from "../entry-facts.ts";
import { expectedDescriptor } from "../expected-descriptor.ts";
import type { Case, CaseSource } from "./case.ts";

const NIGHTS = 3;
const MTIME_MS = Date.UTC(2024, 1, 29, 12, 34, 57);

/** Archives whose directory has another order than their data, as they were put together from an earlier one. */
export const ROLLED: readonly Case[] = [
	{ name: "copied from a base, over three nights", grade: "quick", depth: "all", make: rolledSource },
];

async function rolledSource(): Promise<CaseSource> {
	const tree = new Map<string, Thing>();
	const more = { mtimeMs: MTIME_MS, ctimeMs: MTIME_MS };
	for (let index = 0; index < 60; index++)
		tree.set(
			`d${index % 4}/f${index}`,
			file(index % 2 === 0 ? lines(3000 + index) : noise(700, index), more),
		);
	for (let index = 0; index < 4; index++)
		tree.set(`d${index}/`, file("", { ...more, kind: "directory", mode: 0o755 }));
	tree.set("d2/link", file("f2", { ...more, kind: "symlink", mode: 0o777 }));
	tree.set("d3/ünïcode", file("named", { ...more, comment: "Grüße" }));
	tree.set("large", file(noise(1024 ** 2 + 1), more));
	tree.set("empty", file("", more));
	const source = sourceOf(() => tree);
	let { bytes } = await compose([source], undefined);
	for (let night = 0; night < NIGHTS; night++) {
		const changed = { mtimeMs: MTIME_MS + (night + 1) * 86_400_000 };
		for (let index = night; index < 60; index += 13)
			tree.set(`d${index % 4}/f${index}`, file(lines(2000 + night), changed));
		tree.set(`a new one of night ${night}`, file("new", changed));
		({ bytes } = await compose([source], bytes));
	}
	return { archive: bytes, entries: [...tree].map(factsOf) };
}

function factsOf([name, { kind, mode, mtimeMs, content, comment = "" }]: [string, Thing]) {
	return {
		...{ name: Buffer.from(name).toString("latin1"), kind, mode, mtime: Math.floor(mtimeMs / 1000) },
		...{ size: content.byteLength, sha256: sha256(content) },
		descriptor: expectedDescriptor(content.byteLength, true),
		comment: Buffer.from(comment).toString("hex"),
	};
}
