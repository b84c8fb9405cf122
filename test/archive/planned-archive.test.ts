import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import type { CreateZipOptions } from "../../src/archive/options.ts";
import type { Source } from "../../src/sources/source.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipNames } from "../support/zip-contents.ts";

const temp = useTempDirectory();

/** What was written just now is old enough for its listing to be kept. */
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 }));
afterEach(() => void vi.useRealTimers());

/** The names in an archive of sources that change between planning and making it. */
async function namesAfter(
	change: () => void,
	sources: Source | readonly Source[] = temp.path(),
	options: CreateZipOptions = {},
): Promise<readonly string[]> {
	let archive = Buffer.alloc(0);
	const take = async (chunks: AsyncIterable<Uint8Array>) => {
		archive = await buffer(chunks);
	};
	await createZip(sources, take, {
		...options,
		blockingReads: true,
		onEvent: (event) => (event.type === "planned" ? change() : undefined),
	});
	return zipNames(archive);
}

describe("between planning and making an archive", () => {
	it("what has come is taken, and what has gone is not", async () => {
		await temp.write({ "a/1": "", "a/2": "", "b/1": "" });
		const change = () => {
			writeFileSync(temp.path("a/3"), "");
			mkdirSync(temp.path("c"));
			writeFileSync(temp.path("c/1"), "");
			rmSync(temp.path("a/1"));
			rmSync(temp.path("b"), { recursive: true });
		};
		expect(await namesAfter(change)).toEqual(["a/", "a/2", "a/3", "c/", "c/1"]);
	});

	it("nothing else is asked for than what filters and names were when it was planned", async () => {
		await temp.write({ "a/1.txt": "", "a/2.log": "", "b/CACHE": "", "b/1.txt": "" });
		const options = { exclude: ["*.log"], excludeIfPresent: [{ name: "CACHE" }] };
		const sources = [
			{ path: temp.path("a"), as: "first" },
			{ path: temp.path("b"), as: "second" },
			{ path: temp.path("a"), as: "third" },
		];
		const names = ["first/", "first/1.txt", "second/", "second/CACHE", "third/", "third/1.txt"];
		expect(await namesAfter(() => {}, sources, options)).toEqual(names);
	});

	it("a list of paths sees what has come in its directories", async () => {
		await temp.write({ "a/1": "", f: "" });
		const paths = [temp.path("a"), temp.path("f")];
		const names = await namesAfter(() => writeFileSync(temp.path("a/2"), ""), { paths });
		const below = temp.path().slice(1);
		expect(names).toEqual([`${below}/a/`, `${below}/a/1`, `${below}/a/2`, `${below}/f`]);
	});
});
