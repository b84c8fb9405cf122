import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/**
 * A long line to a local port: connecting takes a round trip, each byte half of one, and no connection is faster
 * than its rate. Handshakes of TLS take their round trips over it, as they do elsewhere.
 *
 * @param line - `{ rttMs, bytesPerSecond }`; the rate is that of a connection in each direction.
 * @returns The port where it begins.
 */
export async function lineTo(port, line) {
	const relay = createServer({ allowHalfOpen: true }, (near) => {
		const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
		const end = () => {
			near.destroy();
			far.destroy();
		};
		carry(near, far, line, line.rttMs).catch(end);
		carry(far, near, line, 0).catch(end);
	});
	relay.listen(0, "127.0.0.1");
	await once(relay, "listening");
	return relay.address().port;
}

/**
 * Takes from one end as fast as the line takes it, and gives to the other when it has arrived. On a busy machine it
 * wakes up late; what has waited for it is carried as if it had been in time.
 */
async function carry(from, to, { rttMs, bytesPerSecond }, connectMs) {
	to.on("error", (error) => from.destroy(error));
	let freeAt = performance.now() + connectMs;
	let arrived = Promise.resolve();
	let waits = false;
	for await (const chunk of from) {
		const startsAt = waits ? freeAt : Math.max(freeAt, performance.now());
		freeAt = startsAt + (chunk.byteLength / bytesPerSecond) * 1000;
		const arrivesAt = freeAt + rttMs / 2;
		arrived = arrived.then(() => until(arrivesAt)).then(() => to.write(chunk));
		await until(freeAt);
		waits = from.readableLength > 0;
	}
	await arrived;
	to.end();
}

async function until(time) {
	const ms = time - performance.now();
	if (ms > 0) await delay(ms);
}
