import type { OperationName } from "./requests/operations.ts";

/** Parts that an earlier run has sent, and that this one did not have to send again. */
export interface ResumedParts {
	readonly count: number;
	/** Bytes. */
	readonly size: number;
}

/** Parts that an incomplete upload holds, of this run and of earlier runs. */
export interface HeldParts {
	readonly uploadId: string;
	readonly partCount: number;
	/** Bytes. */
	readonly size: number;
}

/** Events of a transport while it puts an object. A discriminated union: `switch` on `type`. */
export type PutEvent =
	| {
			/** A multipart upload has started. */
			readonly type: "upload-created";
			readonly uploadId: string;
	  }
	| {
			/** The storage has confirmed one more part, or the whole. */
			readonly type: "part-completed";
			/** Bytes confirmed so far. */
			readonly uploadedSize: number;
			/** Those of them that were there from the beginning. */
			readonly resumed: ResumedParts;
			/** Bytes of them that the storage has copied. */
			readonly copiedSize: number;
	  }
	| {
			/** A part had to be sent again because the storage's ETags do not tell what it holds. */
			readonly type: "part-not-comparable";
			readonly partNumber: number;
	  }
	| {
			/** A request failed for a reason that may pass, and is repeated after a wait. */
			readonly type: "retry";
			readonly operation: OperationName;
			/** Code of the server or the system, such as `SlowDown` or `ECONNRESET`. */
			readonly reason: string;
			readonly waitMs: number;
	  }
	| ({
			/** The upload has failed and its parts were left on purpose, for a later run. */
			readonly type: "upload-kept";
	  } & HeldParts);
