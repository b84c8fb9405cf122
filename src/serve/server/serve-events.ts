/** What is told of a request when its answer has ended. */
export interface ServedRequest {
	readonly method: string;
	/** As it was sent, without what might be secret in it: nothing after `?` but the version of an archive. */
	readonly target: string;
	/** Address of the client, or of the proxy in front of it. */
	readonly client: string | undefined;
	readonly status: number;
	/** Bytes of the body that were handed to the system. */
	readonly sentSize: number;
	readonly elapsedMs: number;
	/** Whether the answer went out to its end. */
	readonly complete: boolean;
}

/** What a server tells. */
export type ServeEvent =
	| { readonly type: "request"; readonly request: ServedRequest }
	/** An answer failed for a reason on this side. */
	| { readonly type: "failure"; readonly target: string; readonly error: unknown };
