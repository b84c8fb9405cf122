import { describe, expect, it } from "vitest";
import type { MethodChoice } from "../../../src/zip/entry.ts";
import { noise } from "../../support/bytes.ts";
import { hasZstd } from "../../support/zstd.ts";
import {
	compose,
	contentsOf,
	file,
	listOf,
	STARTED_MS,
	sourceOf,
	type Thing,
	type Tree,
} from "../composed.ts";

/** Numbers that are the same for the same seed. */
function random(seed: number): (below: number) => number {
	let state = seed + 0x6d2b_79f5;
	return (below) => {
		state = Math.imul(state ^ (state >>> 15), state | 1) >>> 0;
		state = (state + 0x9e37_79b9) >>> 0;
		const mixed = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b) >>> 0;
		return mixed % below;
	};
}

const METHODS: readonly MethodChoice[] = hasZstd
	? ["auto", "store", "deflate", "wrap", "zstd"]
	: ["auto", "store", "deflate", "wrap"];
/** Before 1980, before 1901, and behind 2107, as well as usual ones. */
const TIMES = [1e12, 1.2e12 + 345, -1e12, -4e12, 5e12, 0];
const NAMES = ["plain", "with space", "ümlaut", "€", "Z", "a.b"];

/** A tree that changes from night to night. */
class Changing {
	readonly #number: (below: number) => number;
	readonly tree = new Map<string, Thing>();
	#made = 0;

	constructor(seed: number, count: number) {
		this.#number = random(seed);
		for (let index = 0; index < count; index++) this.#add(1e12);
	}

	/** @param startedMs - Of the base: whatever changes now changes later. */
	change(startedMs: number): void {
		const changes = 1 + this.#number(8);
		for (let index = 0; index < changes; index++) {
			const [name, thing] = this.#any();
			if (name === undefined || thing === undefined) return;
			const now = { ctimeMs: startedMs + 5000 };
			const kind = this.#number(7);
			if (kind === 0) this.tree.delete(name);
			else if (kind === 1) this.#add(startedMs + 5000);
			else if (kind === 2) this.tree.set(name, { ...thing, ...now, mode: thing.mode ^ 0o020 });
			else if (kind === 3) {
				this.tree.delete(name);
				this.tree.set(this.#name(thing.kind), { ...thing, ...now });
			} else if (thing.kind === "directory") this.tree.set(name, { ...thing, mtimeMs: 1.3e12 });
			else if (kind === 4) this.tree.set(name, { ...thing, ...now, content: this.#content(thing) });
			else {
				const content = noise(thing.content.byteLength, this.#number(1e6)); // as `cp -p` does
				this.tree.set(name, { ...thing, ...now, content });
			}
		}
	}

	#any(): [string?, Thing?] {
		const all = [...this.tree];
		return all[this.#number(Math.max(1, all.length))] ?? [];
	}

	#add(ctimeMs: number): void {
		const roll = this.#number(10);
		const kind = roll === 0 ? "directory" : roll === 1 ? "symlink" : "file";
		const mtimeMs = TIMES[this.#number(TIMES.length)] ?? 0;
		const content = kind === "directory" ? Buffer.of() : this.#content({ kind });
		const comment = this.#number(6) === 0 ? "ein Übel" : undefined;
		const thing = { kind, content, mtimeMs, ctimeMs, mode: 0o600 + this.#number(64) } as const;
		this.tree.set(this.#name(kind), comment === undefined ? thing : { ...thing, comment });
	}

	#name(kind: Thing["kind"]): string {
		const stem = NAMES[this.#number(NAMES.length)];
		return `${this.#number(3)}/${stem}-${this.#number(900) + 100}-${this.#made++}${kind === "directory" ? "/" : ""}`;
	}

	#content({ kind }: Pick<Thing, "kind">): Buffer {
		const roll = this.#number(12);
		if (kind === "symlink") return Buffer.from(`../target-${roll}`);
		if (roll === 0) return Buffer.of();
		if (roll === 1) return noise(1024 ** 2 + this.#number(5000), this.#number(1e6)); // two blocks
		const size = this.#number(3000);
		return roll < 6 ? noise(size, this.#number(1e6)) : Buffer.from("text ".repeat(size / 5));
	}
}

function contentsIn(tree: Tree): ReadonlyMap<string, Buffer> {
	return new Map([...tree].map(([name, { content }]) => [name, Buffer.from(content)]));
}

const sorted = (contents: ReadonlyMap<string, Buffer>) =>
	[...contents].map(([name, content]) => [name, content.toString("base64")]).sort();

async function nights(seed: number, method: MethodChoice) {
	const changing = new Changing(seed, 25);
	const zip = { method } as const;
	const source = sourceOf(() => changing.tree);
	const minSize = [1, 400, 4000][seed % 3] ?? 1;
	let { bytes: base } = await compose([source], undefined, { zip });
	let copiedCount = 0;
	let joinCount = 0;
	for (let night = 1; night <= 4; night++) {
		const baseStartedMs = STARTED_MS + night * 1e8;
		changing.change(baseStartedMs);
		const joining = { leastSize: 100, mostInChain: 3, mostCount: 8 };
		const options = {
			...{ baseStartedMs, minSize, maxPartSize: 100_000, maxPartCount: 30, zip },
			...(seed % 2 === 0 ? { joining } : {}),
		};
		const made = await compose([source], base, options);
		const again = { ...zip, compressConcurrency: 1 };
		expect((await compose([source], base, { ...options, zip: again })).bytes.equals(made.bytes)).toBe(true);
		const full = await compose([source], undefined, { zip });
		expect(await listOf(made.bytes)).toEqual(await listOf(full.bytes));
		expect(sorted(await contentsOf(made.bytes))).toEqual(sorted(contentsIn(changing.tree)));
		expect(made.bytes.byteLength).toBeLessThanOrEqual(made.sizeBound ?? 0);
		joinCount += made.copied.joins?.count ?? 0;
		const notCopied = Object.keys(made.reasons).length;
		expect(made.copied.entryCount + notCopied).toBe(changing.tree.size);
		copiedCount += made.copied.entryCount;
		base = made.bytes;
	}
	return { copiedCount, joinCount };
}

describe("several nights, each with the archive of the night before as its base", () => {
	it.each(METHODS)("list and hold what full archives do, with method %s", async (method) => {
		let copied = 0;
		let joins = 0;
		for (let seed = 0; seed < 3; seed++) {
			const { copiedCount, joinCount } = await nights(seed, method);
			copied += copiedCount;
			joins += joinCount;
		}
		expect(joins).toBeGreaterThan(0);
		expect(copied).toBeGreaterThan(100);
	});

	it("list and hold what full archives do, for many more trees", {
		tags: "slow",
		timeout: 300_000,
	}, async () => {
		for (let seed = 3; seed < 60; seed++) await nights(seed, METHODS[seed % METHODS.length] ?? "auto");
	});
});

describe("an archive with a base", () => {
	const tree = new Map([
		["a", file("first")],
		["b", file("second".repeat(50))],
		["c", file("third")],
	]);
	const [source] = [sourceOf(() => tree)];
	const base = async () => (await compose([source], undefined)).bytes;

	it("copies names that are no UTF-8", async () => {
		const odd = sourceOf(
			() =>
				new Map([
					["\xfc", file("odd")],
					["b", file("other")],
				]),
			{ names: "latin1" },
		);
		const { bytes } = await compose([odd], undefined);
		const made = await compose([odd], bytes);
		expect(made.copied.entryCount).toBe(2);
		expect(made.bytes.equals(bytes)).toBe(true);
	});

	it("is the same bytes as its base if nothing has changed", async () => {
		const bytes = await base();
		const made = await compose([source], bytes);
		expect(made.bytes.equals(bytes)).toBe(true);
		expect(made.copied).toMatchObject({ entryCount: 3, partCount: 1 });
	});

	it("keeps a file that has vanished since it was looked at, in its place", async () => {
		const now = new Map(tree);
		const vanishing = sourceOf(() => now);
		const onPlanned = () => void ["a", "b"].map((name) => now.delete(name));
		const made = await compose([vanishing], await base(), { onPlanned });
		expect((await listOf(made.bytes)).map((entry) => (entry as [string])[0])).toEqual(["a", "b", "c"]);
		expect((await contentsOf(made.bytes)).get("b")).toEqual(Buffer.from("second".repeat(50)));
	});

	it("puts what has vanished behind what stood before it, although that is made", async () => {
		const now = new Map([...tree, ["b", file("changed")], ["d", file("new")]] as [string, Thing][]);
		const onPlanned = () => void now.delete("c");
		const made = await compose([sourceOf(() => now)], await base(), { onPlanned });
		expect((await listOf(made.bytes)).map((entry) => (entry as [string])[0])).toEqual(["a", "b", "c", "d"]);
	});

	it("refuses a file that has become something else since it was looked at", async () => {
		const now = new Map(tree);
		const onPlanned = () => {
			now.delete("b");
			now.set("b/", file("", { kind: "directory" }));
		};
		const made = compose([sourceOf(() => now)], await base(), { onPlanned });
		await expect(made).rejects.toMatchObject({ code: "SOURCE_CHANGED", origin: "/tree/b/" });
	});

	it("does not take what it copies for an entry that was not planned", async () => {
		const now = new Map(tree);
		const once = sourceOf(() => new Map([["b", file("another b")]]), { repeatable: false, distinct: false });
		const both = compose([once, sourceOf(() => now)], await base(), {
			onPlanned: () => void now.delete("b"),
		});
		await expect(both).rejects.toMatchObject({ code: "DUPLICATE_ENTRY", entryName: "b" });
		const others = new Map([["a", file("first")]]);
		const made = await compose([sourceOf(() => others), once], await base());
		expect((await contentsOf(made.bytes)).get("b")).toEqual(Buffer.from("another b"));
		expect(made.copied.entryCount).toBe(1);
	});

	it("refuses what comes twice", async () => {
		const twice = sourceOf(() => tree, { distinct: true });
		const entries: typeof twice.entries = async function* (report) {
			yield* twice.entries(report);
			yield* twice.entries(report);
		};
		const made = compose([{ ...twice, entries }], await base());
		await expect(made).rejects.toMatchObject({ code: "DUPLICATE_ENTRY", entryName: "a" });
	});

	it("does not read what can be read once to compare it", async () => {
		const stream = sourceOf(() => tree, { rereadable: false });
		const made = await compose([stream], await base(), { check: "content" });
		expect(made.reasons).toEqual({ a: "unknown", b: "unknown", c: "unknown" });
	});

	it("foresees that many entries need ZIP64, also if they are copied", {
		tags: "slow",
		timeout: 120_000,
	}, async () => {
		const many = new Map<string, Thing>();
		for (let index = 0; index < 65_600; index++) many.set(`f${index}`, file(""));
		const first = await compose([sourceOf(() => many)], undefined, { zip: { method: "store" } });
		many.set("g", file("new"));
		const made = await compose([sourceOf(() => many)], first.bytes, { zip: { method: "store" } });
		expect(made.bytes.byteLength).toBeLessThanOrEqual(made.sizeBound ?? 0);
		expect(made.copied.entryCount).toBe(65_600);
	});
});
