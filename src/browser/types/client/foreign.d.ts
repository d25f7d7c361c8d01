/** What a session reads of an answer that came by something else than `fetch`. */
/** @param {{status: number, url: string, headers: [string, string][], body: string | null}} answer
 * @returns {Response} */
export declare const responseOf: ({ status, url, headers, body }: {
    status: number;
    url: string;
    headers: [string, string][];
    body: string | null;
}) => Response;
