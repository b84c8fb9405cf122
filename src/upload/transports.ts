import { putWithLibStorage } from "../storage/put/lib-storage-transport.ts";
import { putInParts } from "../storage/put/parts-transport.ts";
import type { Transport } from "../storage/put/transport.ts";
import type { TransportName } from "./options.ts";

/** The transport for each name. Apart from the options, which need no SDK. */
export const TRANSPORTS: Readonly<Record<TransportName, Transport>> = {
	parts: putInParts,
	"lib-storage": putWithLibStorage,
};
