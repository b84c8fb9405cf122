import { setTimeout as delay } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import { collect, firstBytes, flipByte, throttle } from "./body.ts";
import type { Downstream } from "./downstream.ts";
import type { Fault } from "./fault.ts";
import type { S3Request } from "./operation.ts";
import { type SigningIdentity, signAgain } from "./sign-again.ts";
import type { Forwarded, Upstream } from "./upstream.ts";

/** One request on its way from the client to the server and back. */
export interface Exchange {
	readonly request: S3Request;
	readonly forwarded: Forwarded;
	/** Bytes of the body, by its header. */
	readonly bodySize: number;
	readonly downstream: Downstream;
	readonly upstream: Upstream;
	readonly identity: SigningIdentity;
	/** Talks to the server without the proxy. */
	readonly server: S3Client;
}

/** Lets the fault happen to the exchange, or carries it out as it is. */
export async function carryOut(exchange: Exchange, fault: Fault | undefined): Promise<void> {
	const { request, forwarded, bodySize, downstream, upstream, identity } = exchange;
	switch (fault?.type) {
		case undefined:
			return downstream.send(await upstream.send(forwarded));
		case "reset":
		case "close":
		case "hang":
			return breakOff(exchange, fault);
		case "answer":
			if (fault.when === "early") return downstream.sendEarly(fault.answer);
			if (fault.when === "done") await upstream.send(forwarded);
			else await collect(forwarded.body);
			return downstream.send(fault.answer);
		case "bytes":
			if (fault.when === "done") await upstream.send(forwarded);
			else await collect(forwarded.body);
			return downstream.sendBytes(fault.bytes);
		case "linger":
			if (fault.when === "done") await upstream.send(forwarded);
			return downstream.linger(fault.how);
		case "rewrite":
			return downstream.send(fault.rewrite(await upstream.send(forwarded)));
		case "trickle": {
			const { direction, bytesPerSecond } = fault;
			if (direction === "answer")
				return downstream.sendSlowly(await upstream.send(forwarded), bytesPerSecond);
			const body = throttle(forwarded.body, bytesPerSecond);
			return downstream.send(await upstream.send({ ...forwarded, body }));
		}
		case "flip": {
			const body = flipByte(forwarded.body, Math.floor(bodySize / 2));
			return downstream.send(await upstream.send({ ...forwarded, body }));
		}
		case "flip-unnoticed": {
			const body = await collect(flipByte(forwarded.body, Math.floor(bodySize / 2)));
			return downstream.send(await upstream.send(await signAgain(forwarded, body, identity)));
		}
		case "duplicate": {
			const body = [await collect(forwarded.body)];
			await upstream.send({ ...forwarded, body: eachOf(body) });
			return downstream.send(await upstream.send({ ...forwarded, body: eachOf(body) }));
		}
		case "late": {
			const body = [await collect(forwarded.body)];
			await delay(fault.delayMs);
			return downstream.send(await upstream.send({ ...forwarded, body: eachOf(body) }));
		}
		case "meanwhile":
			await fault.act(request, exchange.server);
			return downstream.send(await upstream.send(forwarded));
		default:
			return fault satisfies never;
	}
}

async function breakOff(
	{ forwarded, bodySize, downstream, upstream }: Exchange,
	{ type, at }: Extract<Fault, { at: unknown }>,
): Promise<void> {
	if (at === "head") return downstream.breakOff(type);
	if (at === "body") {
		const half = firstBytes(forwarded.body, Math.floor(bodySize / 2));
		const begun = await upstream.sendHalf({ ...forwarded, body: half });
		await downstream.breakOff(type);
		begun.destroy();
		return;
	}
	const answer = await upstream.send(forwarded);
	if (at === "answer") await downstream.sendHalf(answer);
	return downstream.breakOff(type);
}

async function* eachOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
	yield* chunks;
}
