import type { Batches } from "../async/batches.ts";
import { ArchiveReader } from "../reader/archive-reader.ts";
import type { OpenedSource } from "../reader/ranged/ranged-source.ts";
import { Findings } from "./finding.ts";
import { Layout } from "./layout.ts";
import { MeteredSource } from "./metered-source.ts";
import { ObjectHashes } from "./object-hashes.ts";
import { OddHeaders } from "./odd-headers.ts";
import type { VerifyArchiveSettings } from "./options.ts";
import { endFinding } from "./own-end.ts";
import { PieceCheck } from "./pieces/check-piece.ts";
import { ContentChoice, type ContentSample } from "./pieces/content-choice.ts";
import { type Depth, type FetchPlan, fetchPieces } from "./pieces/fetch-pieces.ts";
import { HeaderChoice } from "./pieces/header-choice.ts";
import { type Piece, piecesOf } from "./pieces/pieces.ts";
import { RunWindow } from "./pieces/run-window.ts";
import { sampledPieces } from "./pieces/sampled-pieces.ts";
import type { Unproven, VerifyArchiveResult } from "./verify-result.ts";

type Settings = Pick<VerifyArchiveSettings, "level" | "sample" | "seed" | "signal" | "onEvent">;

/** What the check itself tells; a comparison with a directory comes from beside it. */
export type CheckResult = Omit<VerifyArchiveResult, "differenceCount" | "differences">;

/** The check of one archive that is open. */
export class ArchiveCheck {
	readonly #source: MeteredSource;
	readonly #tail: Uint8Array;
	readonly #settings: Settings;
	readonly #content: ContentSample | undefined;
	readonly #findings = new Findings();
	readonly #counts = { headerCount: 0, contentCount: 0, contentSize: 0 };
	#reader: ArchiveReader | undefined;
	#entryCount = 0;
	/** Of the last entry that was looked at. */
	#entryName = "";
	#hashCompared = false;
	/** Whether zipferry has made the archive. */
	#isOwn = false;

	/** @param content - Entries that are looked into besides what level "structure" has. */
	constructor({ source, tail }: OpenedSource, settings: Settings, content?: ContentSample | undefined) {
		this.#content = content;
		this.#source = new MeteredSource(source, tail.byteLength);
		this.#tail = tail;
		this.#settings = settings;
	}

	/** The archive, if its directory can be read; known when it has been checked. */
	get reader(): ArchiveReader | undefined {
		return this.#reader;
	}

	/** To be called once. */
	async run(): Promise<CheckResult> {
		const reader = this.#open();
		if (reader !== undefined) {
			this.#entryCount = reader.end.entryCount;
			const { directoryStart, directoryEnd } = reader.end;
			this.#source.keepDirectory(directoryStart, directoryEnd);
			await this.#checkAll(reader);
		}
		return this.#result();
	}

	#open(): ArchiveReader | undefined {
		try {
			return new ArchiveReader({ source: this.#source, tail: this.#tail });
		} catch (error) {
			this.#findings.addError("end-records", error);
			return undefined;
		}
	}

	async #checkAll(reader: ArchiveReader): Promise<void> {
		const { entryCount } = reader.end;
		const { signal } = this.#settings;
		const layout = new Layout(entryCount);
		const odd = new OddHeaders();
		const choice = new HeaderChoice(entryCount, this.#seed());
		const contents = this.#content && new ContentChoice(entryCount, this.#content, this.#seed());
		try {
			for await (const batch of reader.entries(signal))
				for (const entry of batch) {
					layout.add(entry);
					odd.offer(entry);
					choice.offer(entry);
					contents?.offer(entry);
				}
		} catch (error) {
			this.#findings.addError("directory", error);
			return;
		}
		this.#reader = reader;
		this.#isOwn = layout.isOwn;
		if (this.#isOwn) {
			const ofEnd = endFinding(reader, this.#tail);
			if (ofEnd !== undefined) this.#findings.add(ofEnd);
			for (const finding of odd.findings()) this.#findings.add(finding);
		}
		const order = layout.order();
		const tiled = await this.#checkLayout(reader, layout, order);
		if (!tiled) return;
		await this.#checkPieces(reader, layout, order, choice);
		if (contents !== undefined) await this.#checkContents(contents, () => piecesOf(reader, order, signal));
	}

	/** @returns whether the entries can be read one after the other. */
	async #checkLayout(
		reader: ArchiveReader,
		layout: Layout,
		order: Uint32Array | undefined,
	): Promise<boolean> {
		const flaws = [...layout.flaws(order, reader.end.directoryStart)].slice(0, 1_000);
		if (flaws.length === 0) return true;
		const names = await this.#namesOf(reader, new Set(flaws.map(({ index }) => index)));
		for (const { index, offset, message } of flaws) {
			const entryName = index === undefined ? undefined : names.get(index);
			this.#findings.add({ structure: "layout", entryName, offset, message });
		}
		return !layout.overlaps;
	}

	async #namesOf(
		reader: ArchiveReader,
		wanted: ReadonlySet<number | undefined>,
	): Promise<ReadonlyMap<number, string>> {
		const names = new Map<number, string>();
		for await (const batch of reader.entries(this.#settings.signal))
			for (const { index, name } of batch) if (wanted.has(index)) names.set(index, name);
		return names;
	}

	async #checkPieces(
		reader: ArchiveReader,
		layout: Layout,
		order: Uint32Array | undefined,
		choice: HeaderChoice,
	): Promise<void> {
		const { level, sample, signal } = this.#settings;
		if (level === "structure") {
			const pieces = choice.pieces(reader, layout, order, signal);
			await this.#check({ pieces, depth: "header", whole: false });
			return;
		}
		const all = piecesOf(reader, order, signal);
		const depth = level === "content" ? "data" : "records";
		if (sample < 1) {
			const count = this.#entryCount;
			const wanted = Math.ceil(count * sample);
			await this.#check({ pieces: sampledPieces(all, { count, wanted }, this.#seed()), depth, whole: false });
			return;
		}
		const stored = depth === "data" ? await this.#source.storedHashes(signal) : undefined;
		const hashes = stored && new ObjectHashes(stored);
		await this.#check({ pieces: all, depth, whole: hashes !== undefined }, hashes);
		if (hashes === undefined) return;
		this.#hashCompared = true;
		const message = hashes.difference();
		if (message !== undefined)
			this.#findings.add({ structure: "object", entryName: undefined, offset: undefined, message });
	}

	async #checkContents(choice: ContentChoice, all: () => Batches<Piece>): Promise<void> {
		choice.decide();
		await this.#check({ pieces: choice.whole(all()), depth: "data", whole: false });
		if (!choice.compares) return;
		await this.#check({ pieces: choice.compared(all()), depth: "records", whole: false });
		for await (const finding of choice.differences(all(), this.#source, this.#settings.signal))
			this.#findings.add(finding);
	}

	async #check(plan: FetchPlan & { readonly depth: Depth }, hashes?: ObjectHashes): Promise<void> {
		const { depth } = plan;
		const runs = fetchPieces(this.#source, plan, this.#settings.signal);
		const window = new RunWindow(runs, ({ start, bytes }) => {
			hashes?.update(bytes);
			this.#tellProgress(start);
		});
		const context = {
			location: this.#source.location,
			findings: this.#findings,
			counts: this.#counts,
			depth,
			isOwn: this.#isOwn,
		};
		const check = new PieceCheck(context, window);
		try {
			for (;;) {
				const piece = window.takeReady() ?? (await window.nextPiece());
				if (piece === undefined) break;
				this.#entryName = piece.entry.name;
				const waiting = check.check(piece);
				if (waiting !== undefined) await waiting;
			}
			await window.drain();
		} finally {
			await window.close();
		}
	}

	/** @param checkedSize - Everything in front of the run that comes in now has been looked at. */
	#tellProgress(checkedSize: number): void {
		const { level, onEvent } = this.#settings;
		if (level === "structure" || this.#reader === undefined) return;
		const { directoryStart: size } = this.#reader.end;
		const last = { entryCount: this.#counts.headerCount, entryName: this.#entryName };
		onEvent?.({ type: "verify-progress", checkedSize: Math.min(checkedSize, size), size, ...last });
	}

	#seed(): string {
		const { identity, size } = this.#source;
		return this.#settings.seed ?? JSON.stringify([size, identity]);
	}

	#result(): CheckResult {
		const { location, size, identity, readSize, requestCount } = this.#source;
		const findingCount = this.#findings.count;
		return {
			ok: findingCount === 0,
			location,
			size,
			identity,
			level: this.#settings.level,
			entryCount: this.#entryCount,
			...this.#counts,
			readSize,
			requestCount,
			hashCompared: this.#hashCompared,
			findingCount,
			findings: this.#findings.sorted(),
			unproven: this.#unproven(),
		};
	}

	#unproven(): readonly Unproven[] {
		if (this.#hashCompared) return [];
		const { headerCount, contentCount } = this.#counts;
		const count = this.#entryCount;
		const { level } = this.#settings;
		return [
			...(contentCount < count ? ["content" as const] : []),
			...(level === "structure" || headerCount < count ? ["records" as const] : []),
			"fields",
		];
	}
}
