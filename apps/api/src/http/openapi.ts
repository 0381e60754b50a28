import { isDeepStrictEqual } from 'node:util';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { App } from './build-app.ts';

// The description of the interface is made from the same schemas that check requests and answers, so it cannot lie.
// docs/openapi.json is its checked-in copy; a test compares.

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** How the description names who may use a door. */
export const PERSON: Record<string, string[]>[] = [{ person: [] }];
export const PERSON_OR_OPERATOR: Record<string, string[]>[] = [{ person: [] }, { operator: [] }];
export const BOX: Record<string, string[]>[] = [{ box: [] }];

export async function installOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Temoin',
        description:
          'Fleet telematics for an insurer. People sign in and send the access token as a bearer token; ' +
          'boxes send a token that they sign themselves. Every error has the shape of `Error`.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          person: { type: 'http', scheme: 'bearer', description: 'Access token of POST /v1/session, ten minutes' },
          box: { type: 'http', scheme: 'bearer', description: 'EdDSA token signed by the box, five minutes at most' },
          operator: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token in keys/operator-token of the data folder',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => tidy(jsonSchemaTransformObject(document) as unknown as JsonObject) as never,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } });
  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

/**
 * The generator writes every schema twice, as input and as output. Where both are the same one is enough; and those that no
 * door uses are left out. One that only ever comes in needs no ending to its name.
 */
function tidy(document: JsonObject): JsonObject {
  const components = document.components as { schemas: Record<string, Json> };
  let text = document;
  for (;;) {
    const schemas = (text.components as { schemas: Record<string, Json> }).schemas;
    const twins = Object.keys(schemas).filter((name) => {
      const output = name.replace(/Input$/, '');
      return (
        name !== output &&
        output in schemas &&
        isDeepStrictEqual(withoutTwins(schemas[name]!), withoutTwins(schemas[output]!))
      );
    });
    if (twins.length === 0) break;
    for (const name of twins) delete schemas[name];
    text = renameRefs(text, new Set(twins)) as JsonObject;
  }
  const schemas = (text.components as { schemas: Record<string, Json> }).schemas;
  const used = usedSchemas(text, schemas);
  const soleInputs = new Set([...used].filter((name) => /Input$/.test(name) && !used.has(name.replace(/Input$/, ''))));
  if (soleInputs.size > 0) {
    for (const name of soleInputs) {
      schemas[name.replace(/Input$/, '')] = schemas[name]!;
      delete schemas[name];
    }
    return tidy(renameRefs(text, soleInputs) as JsonObject);
  }
  const sorted = Object.keys(schemas)
    .filter((name) => used.has(name))
    .sort();
  return {
    ...text,
    components: { ...components, schemas: Object.fromEntries(sorted.map((name) => [name, schemas[name]!])) },
  };
}

const REF = '#/components/schemas/';

/** For comparing: references to inputs and outputs count as the same. */
const withoutTwins = (schema: Json): Json => mapRefs(forgetDefaults(schema), (name) => name.replace(/Input$/, ''));

const renameRefs = (value: Json, twins: ReadonlySet<string>): Json =>
  mapRefs(value, (name) => (twins.has(name) ? name.replace(/Input$/, '') : name));

function mapRefs(value: Json, rename: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((entry) => mapRefs(entry, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === '$ref' && typeof entry === 'string' && entry.startsWith(REF)
        ? REF + rename(entry.slice(REF.length))
        : mapRefs(entry, rename),
    ]),
  );
}

/** Outputs say that no other properties come, inputs say nothing about it; otherwise they differ in what may be left out. */
function forgetDefaults(value: Json): Json {
  if (Array.isArray(value)) return value.map(forgetDefaults);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !(key === 'additionalProperties' && entry === false))
      .map(([key, entry]) => [key, forgetDefaults(entry)]),
  );
}

function usedSchemas(document: JsonObject, schemas: Record<string, Json>): Set<string> {
  const used = new Set<string>();
  const waiting: Json[] = [document.paths ?? null];
  while (waiting.length > 0) {
    mapRefs(waiting.pop()!, (name) => {
      if (!used.has(name) && name in schemas) {
        used.add(name);
        waiting.push(schemas[name]!);
      }
      return name;
    });
  }
  return used;
}
