import { seededRandom } from "./random.mjs";

const PATHS = ["/", "/login", "/api/v2/orders", "/api/v2/orders/search", "/assets/app.js", "/health"];
const AGENTS = ["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "Googlebot/2.1", "okhttp/4.12.0"];
const SERVICES = ["orders", "billing", "search", "gateway", "mail"];
const MESSAGES = [
	"request handled",
	"cache miss",
	"retrying after a timeout",
	"order stored",
	"token renewed",
];

/** Yields `size` bytes of a web server's access log. */
export function* accessLog(size, seed) {
	yield* lines(size, seed, (time, { random, pick }) => {
		const address = Array.from({ length: 4 }, () => Math.floor(random() * 256)).join(".");
		const id = hexadecimal(random);
		const [status, bytes] = [random() < 0.95 ? 200 : 404, Math.floor(random() ** 3 * 90_000)];
		const request = `"GET ${pick(PATHS)}?id=${id} HTTP/1.1"`;
		return `${address} - - [${time}] ${request} ${status} ${bytes} "${pick(AGENTS)}"\n`;
	});
}

/** Yields `size` bytes of what services write about themselves, a JSON object a line. */
export function* jsonLines(size, seed) {
	yield* lines(size, seed, (time, { random, pick }) => {
		const line = {
			time,
			level: random() < 0.97 ? "info" : "warn",
			service: pick(SERVICES),
			host: `node-${Math.floor(random() * 12)}`,
			traceId: hexadecimal(random),
			message: pick(MESSAGES),
			http: { method: "GET", path: pick(PATHS), status: random() < 0.95 ? 200 : 503 },
			durationMs: Math.round(random() ** 4 * 20_000) / 10,
		};
		return `${JSON.stringify(line)}\n`;
	});
}

/** Yields lines of a log, the clock of which goes on, until there are `size` bytes. */
function* lines(size, seed, line) {
	const random = seededRandom(seed);
	const pick = (list) => list[Math.floor(random() * list.length)];
	let time = Date.UTC(2026, 0, 1);
	for (let made = 0; made < size; ) {
		let text = "";
		while (text.length < 256 * 1024) {
			time += Math.floor(random() * 300);
			text += line(new Date(time).toISOString(), { random, pick });
		}
		const chunk = Buffer.from(text).subarray(0, size - made);
		made += chunk.byteLength;
		yield chunk;
	}
}

function hexadecimal(random) {
	return Math.floor(random() * 2 ** 48).toString(16);
}
