import * as fs from 'node:fs';
import { createServer as createHttpServer, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { AddressInfo, Server, Socket } from 'node:net';
import { JsonWebKey, makeKey } from './keys';
import { Run } from './run-dir';

/** The documents behind one issuer URL. */
export interface PublishedIssuer {
  readonly url: string;
  readonly keys: readonly JsonWebKey[];
}

/** A server for issuers with the URLs they have in real life: `https`, a host of EKS, no port. */
export interface IssuerServer {
  /** An HTTP proxy that connects every host to the documents here: for `https_proxy`. */
  readonly proxy: string;
  publish(issuer: PublishedIssuer): void;
  /** Documents as somebody else made them, by their URLs. */
  publishDocuments(made: Readonly<Record<string, object>>): void;
}

/**
 * Serves discovery documents and key sets for any host name, without touching the machine's name resolution or port
 * 443: clients reach it as a proxy, and `CONNECT oidc.eks.….amazonaws.com:443` ends in our own TLS server. Nothing
 * that isn't published here can be reached through it.
 */
export async function startIssuerServer(run: Run): Promise<IssuerServer> {
  const documents = new Map<string, object>();
  const certificate = await makeKey(run.dir, 'issuer-tls');
  const tls = createHttpsServer(
    { key: fs.readFileSync(certificate.keyFile), cert: fs.readFileSync(certificate.certificateFile) },
    (request, response) => answer(documents, request, response),
  );
  const sockets = new Set<Socket>();
  const proxy = createHttpServer((_request, response) => response.writeHead(405).end('https only'));
  proxy.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  proxy.on('connect', (_request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    tls.emit('connection', socket);
  });
  const port = await listen(proxy);
  run.onStop(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => proxy.close(resolve));
  });

  return {
    proxy: `http://127.0.0.1:${port}`,
    publish: ({ url, keys }) => {
      documents.set(`${url}/.well-known/openid-configuration`, {
        issuer: url,
        jwks_uri: `${url}/keys`,
        response_types_supported: ['id_token'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        claims_supported: ['sub', 'iss'],
      });
      documents.set(`${url}/keys`, { keys });
    },
    publishDocuments: (made) => Object.entries(made).forEach(([url, document]) => documents.set(url, document)),
  };
}

function answer(documents: ReadonlyMap<string, object>, request: IncomingMessage, response: ServerResponse): void {
  const document = documents.get(`https://${request.headers.host}${request.url}`);
  if (document === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
