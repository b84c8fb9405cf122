import type { ZipferryEvent, ZipferryEventListener } from "../events.ts";

type EventType = ZipferryEvent["type"];

/** What listeners make nothing of; by default a listener makes something of everything. */
const UNHEARD = new WeakMap<ZipferryEventListener, ReadonlySet<EventType>>();

const NONE: ReadonlySet<EventType> = new Set();

/**
 * Says that a listener makes nothing of events of these types: what it costs to make them, for each small file, can be saved. They may
 * come all the same.
 */
export function deafTo<Listener extends ZipferryEventListener>(
	types: Iterable<EventType>,
	listener: Listener,
): Listener {
	UNHEARD.set(listener, new Set(types));
	return listener;
}

/** Whether a listener makes something of events of this type. */
export function hears(listener: ZipferryEventListener, type: EventType): boolean {
	return !unheardBy(listener).has(type);
}

/** What a listener makes nothing of, for one that passes events on to it. */
export function unheardBy(listener: ZipferryEventListener): ReadonlySet<EventType> {
	return UNHEARD.get(listener) ?? NONE;
}
