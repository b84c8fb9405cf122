/** What a holder tells of itself. */
export interface HolderFacts {
	readonly host: string | undefined;
	readonly pid: number | undefined;
	/** ISO 8601. */
	readonly since: string | undefined;
}

/** The object in a JSON text; an empty one for anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === "object" && value !== null ? { ...value } : {};
	} catch {
		return {};
	}
}

/** What was told, as far as it makes sense: others may have written it, and it goes into messages. */
export function holderFacts({ host, pid, since }: Readonly<Record<string, unknown>>): HolderFacts {
	return {
		host: typeof host === "string" && /^[\w.-]{1,255}$/.test(host) ? host : undefined,
		pid: typeof pid === "number" && Number.isSafeInteger(pid) ? pid : undefined,
		since: typeof since === "string" && /^[\dT:.-]{10,30}Z$/.test(since) ? since : undefined,
	};
}
