import { expect, it } from "vitest";
import { DESCRIBE_DOWNLOAD_SCHEMA } from "../../../src/http/options.ts";
import { resolveOptions } from "../../../src/options/resolve-options.ts";
import { ArchiveOffers } from "../../../src/serve/answers/archive-offers.ts";
import type { ServedTree } from "../../../src/serve/tree/served-tree.ts";

it("does not even begin to look through folders once the time of a page is over", async () => {
	let begun = 0;
	const tree: ServedTree = {
		title: "",
		look: async () => undefined,
		list: async () => undefined,
		source() {
			begun += 1;
			return { name: "x", content: "x" };
		},
		close() {},
	};
	const archives = resolveOptions(DESCRIBE_DOWNLOAD_SCHEMA, { method: "wrap" });
	const offers = new ArchiveOffers({ tree, archives, measureTimeMs: 0 }, new AbortController().signal);
	await offers.offer(["a"], false);
	await new Promise((resolve) => setTimeout(resolve, 20));
	const before = begun;
	expect(await offers.offer(["b"], false)).toEqual({ kind: "unmeasured" });
	expect(begun).toBe(before);
	offers.close();
});
