import type { ZipferryEvent } from "../../events.ts";
import type { Hooks } from "../job.ts";
import type { RunReport } from "../run-report.ts";

/** What a run does, in this order; what the job does not ask for is left out. */
export type RunStage =
	| "lock"
	| "lease"
	| "start"
	| "before"
	| "compare"
	| "upload"
	| "record"
	| "after"
	| "object-lock"
	| "retention"
	| "tell"
	| "finally";

/** What is told while a run is under way: of the upload, and of what is around it. */
export type RunEvent =
	| ZipferryEvent
	| { readonly type: "run-stage"; readonly stage: RunStage }
	/** The upload begins; this will be its key. */
	| { readonly type: "run-archive"; readonly bucket: string; readonly key: string }
	/** Something that is good to know: that another run is waited for, that there is no lease. */
	| { readonly type: "run-note"; readonly message: string }
	| { readonly type: "hook-output"; readonly hook: keyof Hooks; readonly line: string }
	/** The run has failed; the error as it was thrown. */
	| { readonly type: "run-failed"; readonly error: unknown }
	| { readonly type: "run-ended"; readonly report: RunReport };

export type RunEventListener = (event: RunEvent) => unknown;
