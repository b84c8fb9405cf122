import type { IncomingMessage, ServerResponse } from "node:http";
import type { DescribeDownloadSettings } from "../../http/options.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";
import type { ServedTarget } from "../request/served-target.ts";
import type { ServedTree } from "../tree/served-tree.ts";

/** What is served, and how archives of it are made. */
export interface SiteParts {
	readonly tree: ServedTree;
	readonly archives: DescribeDownloadSettings;
	/** How long a page waits for the sizes of archives. Milliseconds. */
	readonly measureTimeMs: number;
}

/** A request that may be answered, and what its path leads to. */
export interface SiteRequest {
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
	readonly target: ServedTarget;
	readonly found: RangedContent | "folder";
	/** Aborts when the client is gone. */
	readonly signal: AbortSignal;
}
