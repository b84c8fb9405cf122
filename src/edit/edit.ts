import type { RunReport } from "../archive/run-report.ts";
import type { ObjectAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import type { Source } from "../sources/source.ts";
import type { PinnedObject } from "../upload/base/pinned-object.ts";
import type { UploadZipOptions } from "../upload/options.ts";
import type { EditedArchive } from "./archives/open-edited.ts";
import type { KeptEntries } from "./composition/kept-entries.ts";
import type { EditSettings } from "./options.ts";

/** One archive that is made of others. */
export interface Edit {
	/** Where it goes. */
	readonly target: ObjectAddress;
	readonly archives: readonly ObjectAddress[];
	readonly settings: EditSettings;
	/** What an upload is told: all that was given, of sources as well. */
	readonly upload: Omit<UploadZipOptions, "bucket" | "key">;
	readonly sources: readonly Source[];
	/** Whether what comes later takes the place of what has the same name. */
	readonly replace: boolean;
	/** Whether there must be nothing under the key of the target, unless that is one of the archives. */
	readonly noClobber: boolean;
	/** Whether an archive stays as it is if its sources have nothing for it; that is an error otherwise. */
	readonly mayAddNothing?: boolean | undefined;
	/** Decides which entries stay. */
	readonly choose: (kept: KeptEntries, signal: AbortSignal | undefined) => void | Promise<void>;
}

/** A connection to edit with. */
export interface EditConnection {
	readonly connection: Connection;
	/** Why the storage copies no ranges of archives, if it does not, in words. */
	readonly whyNoCopies: string | undefined;
}

/** What an edit works with. */
export interface Editing extends EditConnection {
	readonly report: RunReport;
	/** The archive among those that are edited whose place the new one takes. */
	readonly replaced: EditedArchive | undefined;
	/** What is under the key of the target. */
	readonly there: PinnedObject | undefined;
}
