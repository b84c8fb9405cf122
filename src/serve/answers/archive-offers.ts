import { anySignal } from "../../async/any-signal.ts";
import { StorageError, ZipferryError } from "../../errors.ts";
import { describeDownload } from "../../http/describe-download.ts";
import type { Offer } from "../pages/folder-page.ts";
import type { ServedPath } from "../tree/served-tree.ts";
import type { SiteParts } from "./site-request.ts";

/** A time that several measurements share. It runs from the first of them on. */
interface Allowance {
	readonly controller: AbortController;
	timer?: NodeJS.Timeout;
}

/** The archives that a page offers, with their sizes as far as these are known in the time that a page has. */
export class ArchiveOffers {
	readonly #parts: SiteParts;
	readonly #gone: AbortSignal;
	/** For the folder of the page, and for all folders in it together: the first must not take the time of the others. */
	readonly #own: Allowance = { controller: new AbortController() };
	readonly #below: Allowance = { controller: new AbortController() };

	/** @param gone - Aborts when nobody wants the page any more. */
	constructor(parts: SiteParts, gone: AbortSignal) {
		this.#parts = parts;
		this.#gone = gone;
	}

	/** @param isOwn - Whether it is of the folder of the page. */
	async offer(path: ServedPath, isOwn: boolean): Promise<Offer> {
		const { tree, archives, measureTimeMs } = this.#parts;
		const allowance = isOwn ? this.#own : this.#below;
		if (allowance.controller.signal.aborted) return UNMEASURED;
		allowance.timer ??= setTimeout(() => allowance.controller.abort(), measureTimeMs);
		const { signal, release } = anySignal(this.#gone, allowance.controller.signal);
		try {
			const { size, entryCount, version } = await describeDownload(tree.source(path), {
				...archives,
				signal,
			});
			if (entryCount === 0) return { kind: "empty" };
			return size === undefined ? UNMEASURED : { kind: "sized", size, entryCount, version };
		} catch (error) {
			this.#gone.throwIfAborted();
			const unreadable =
				!signal.aborted && error instanceof ZipferryError && !(error instanceof StorageError);
			return unreadable ? { kind: "unreadable" } : UNMEASURED;
		} finally {
			release();
		}
	}

	close(): void {
		for (const { timer } of [this.#own, this.#below]) clearTimeout(timer);
	}
}

const UNMEASURED: Offer = { kind: "unmeasured" };
