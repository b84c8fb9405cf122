import type { PlannedArchive } from "../archive/planned-archive.ts";
import type { RunReport } from "../archive/run-report.ts";
import { anySignal } from "../async/any-signal.ts";
import type { ChunkMemory } from "../bytes/chunk-memory.ts";
import type { ObjectAddress } from "../s3/address.ts";
import type { BodyPiece, ObjectRange } from "../storage/parts/object-range.ts";
import { TAGS_NOT_SHOWN } from "../storage/put/object-tags.ts";
import type { ObjectBody, PutResult } from "../storage/put/transport.ts";
import type { ArchiveSummary } from "../zip/assemble.ts";
import { leftUpload } from "./incomplete/left-upload.ts";
import type { CopiedRanges } from "./read-back/copied-ranges.ts";

/** An archive as the body of an object, made while it is sent; once. */
export class ArchiveBody {
	readonly #planned: PlannedArchive<ObjectRange>;
	readonly #report: RunReport;
	readonly #copied: CopiedRanges | undefined;
	/** Ends what the archive waits for when the storage has failed, as much as when the caller gives up. */
	readonly #run = new AbortController();
	readonly #signal: AbortSignal;
	#summary: Pick<ArchiveSummary, "entryCount" | "zip64"> = { entryCount: 0, zip64: false };

	/**
	 * @param signal - Of the caller; held until {@link ArchiveBody.end}.
	 * @param copied - Notes what of it the storage copies.
	 */
	constructor(
		planned: PlannedArchive<ObjectRange>,
		report: RunReport,
		signal: AbortSignal | undefined,
		copied?: CopiedRanges | undefined,
	) {
		this.#copied = copied;
		this.#planned = planned;
		this.#report = report;
		this.#signal = anySignal(signal, this.#run.signal).signal;
	}

	readonly open = (memory: ChunkMemory): ObjectBody => this.#made(memory);

	/** What it came to, once it is complete. */
	get summary(): Pick<ArchiveSummary, "entryCount" | "zip64"> {
		const { entryCount, zip64 } = this.#summary;
		return { entryCount, zip64 };
	}

	/** To be called in any case. */
	end(): void {
		this.#run.abort();
	}

	async *#made(memory: ChunkMemory): ObjectBody {
		const pieces = this.#planned.open(this.#report, this.#signal, memory);
		const whole = yield* this.#copied === undefined ? pieces : noted(pieces, this.#copied);
		this.#summary = whole;
		return whole;
	}
}

/** Passes pieces on, and notes which of them are ranges. */
async function* noted<Whole>(
	pieces: AsyncGenerator<BodyPiece, Whole, void>,
	copied: CopiedRanges,
): AsyncGenerator<BodyPiece, Whole, void> {
	copied.begin();
	try {
		for (;;) {
			const step = await pieces.next();
			if (step.done) return step.value;
			copied.add(step.value);
			yield step.value;
		}
	} finally {
		await pieces.return(undefined as never);
	}
}

/** Warns of what is not as it should be although the object is complete. */
export function warnOfStored(
	address: ObjectAddress,
	{ incomplete, lacksTags }: Pick<PutResult, "incomplete" | "lacksTags">,
	{ onEvent }: RunReport,
): void {
	for (const uploadId of incomplete)
		onEvent(leftUpload(address, uploadId, "could not be removed and still takes space"));
	if (lacksTags) onEvent({ type: "warning", ...TAGS_NOT_SHOWN });
}
