import type { Socket } from "node:net";
import { requestController } from "../async/request-controller.ts";

const ends = new WeakMap<Socket, AbortSignal>();

/** Aborts when the connection closes. All requests of a connection share one listener: a client may send thousands at once. */
export function connectionEnd(socket: Socket): AbortSignal {
	const known = ends.get(socket);
	if (known !== undefined) return known;
	const controller = requestController();
	const end = () => controller.abort(new Error("the connection is closed"));
	if (socket.destroyed) end();
	else socket.once("close", end);
	ends.set(socket, controller.signal);
	return controller.signal;
}
