/** Failures of connections that time may mend, by the names the system and Node give them. */
const PASSING = new Set([
	"EADDRNOTAVAIL",
	"EAI_AGAIN",
	"EAI_FAIL",
	"ECONNABORTED",
	"ECONNREFUSED",
	"ECONNRESET",
	"EHOSTDOWN",
	"EHOSTUNREACH",
	"ENETDOWN",
	"ENETRESET",
	"ENETUNREACH",
	"ENOBUFS",
	"ENOTFOUND",
	"EPIPE",
	"ERR_STREAM_PREMATURE_CLOSE",
	"ETIMEDOUT",
	"TimeoutError",
]);

/** One byte was damaged below TLS, and either side has noticed. */
const DAMAGED_RECORD = /^ERR_SSL_.*BAD_RECORD_MAC$/;
/**
 * The response was no TLS (`ERR_SSL_`, `EPROTO`) or no HTTP (`HPE_`): damaged on its way, or the other side
 * speaks something else, which stays so. Certificates that do not fit have other names and are not among them.
 */
const GARBLED = /^(ERR_SSL_|HPE_|EPROTO$)/;
const FEW = 3;

/** How often a failure of the network is worth repeating, by its code; `undefined` for any other failure. */
export function networkRepetitions(code: string): number | undefined {
	if (PASSING.has(code) || DAMAGED_RECORD.test(code)) return Number.POSITIVE_INFINITY;
	return GARBLED.test(code) ? FEW : undefined;
}

/** The reason that OpenSSL gives, in `write EPROTO 80…:error:0A000119:SSL routines:ssl3_get_record:bad record mac:…`. */
const TLS_REASON = /:SSL routines:[^:]*:([^:]+):/;

/**
 * Code and message of a failure by its reason. One of TLS that is met while writing is called `EPROTO`,
 * whatever it was; met while reading it has a name of its own.
 */
export function nameTlsFailure(code: string, message: string): { code: string; message: string } {
	const reason = TLS_REASON.exec(message)?.[1]?.trim();
	if (reason === undefined) return { code, message };
	const name = `ERR_SSL_${reason.replace(/\W+/g, "_").toUpperCase()}`;
	return { code: code === "EPROTO" ? name : code, message: `TLS failed: ${reason}` };
}
