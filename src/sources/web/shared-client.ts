import { HttpClient, type HttpSettings } from "../../reader/ranged/url/http-client.ts";

/** A client, and how many sources have it. */
interface Shared {
	readonly client: Promise<HttpClient>;
	users: number;
}

const shared = new WeakMap<object, Shared>();

/** A client that sources of one archive have together, so that connections to a server are used again. */
export interface ClientShare {
	readonly client: HttpClient;
	/** Closes the client with the last of its users. To be called once. */
	release(): void;
}

/**
 * Takes part in a client.
 *
 * @param key - What those have in common who share it: options, by their identity.
 * @throws as {@link HttpClient.create} does.
 */
export async function shareClient(key: object, settings: HttpSettings): Promise<ClientShare> {
	const own = shared.get(key) ?? { client: HttpClient.create(settings), users: 0 };
	shared.set(key, own);
	own.users += 1;
	const leave = () => {
		own.users -= 1;
		if (own.users === 0 && shared.get(key) === own) shared.delete(key);
		return own.users === 0;
	};
	try {
		const client = await own.client;
		return {
			client,
			release() {
				if (leave()) client.close();
			},
		};
	} catch (error) {
		leave();
		throw error;
	}
}
