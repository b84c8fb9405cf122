import type { Expectation } from "./proof.ts";
import type { HeldParts, ResumedParts } from "./put-event.ts";
import type { FinalPhase } from "./upload-phase.ts";

/** When Create was sent; of the monotonic clock, milliseconds. */
export interface CreateTime {
	readonly sentAt: number;
	/** When the last attempt ended. */
	readonly endedAt: number;
}

/** A Create whose answer got lost, so that there may be an upload whose id nobody knows. */
interface LostAnswer extends CreateTime {
	/** The upload whose id is known, if there is one. */
	readonly uploadId: string | undefined;
}

/** The outcome of an upload, as far as it is known without asking the storage. */
export interface UploadOutcome {
	readonly phase: FinalPhase;
	/** The object that the storage must hold if all went well. */
	readonly expectation: Expectation;
	/** 1 for an object sent in one request. */
	readonly partCount: number;
	readonly resumed: ResumedParts;
	/** The upload in parts that is open. The object may be there all the same: it was sent in one request. */
	readonly openUploadId: string | undefined;
	/** The parts that the upload holds, if any. */
	readonly held: HeldParts | undefined;
	/** Whether the upload holds parts behind the end of the object. */
	readonly hasSurplus: boolean;
	readonly lostCreate: LostAnswer | undefined;
}
