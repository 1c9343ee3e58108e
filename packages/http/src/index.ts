export { type ApiKeyOptions, apiKey } from "./auth/api-key.js";
export type { Auth, AuthContext, AuthorizedRequest } from "./auth/auth.js";
export { bearer } from "./auth/bearer.js";
export { type HttpBasicOptions, httpBasic } from "./auth/http-basic.js";
export { type OAuth2ClientCredentialsOptions, oauth2ClientCredentials } from "./auth/oauth2-client-credentials.js";
export { type OAuth2JwtBearerOptions, oauth2JwtBearer } from "./auth/oauth2-jwt-bearer.js";
export type { ConditionalStore } from "./conditional.js";
export { HttpStatusError } from "./errors.js";
export type { HttpEvent } from "./events.js";
export { type JsonPath, jsonPath } from "./json-path/json-path.js";
export type { HeaderCursorOptions, JsonCursorOptions } from "./paginate/cursor.js";
export type { HeaderLinkOptions, JsonLinkOptions } from "./paginate/link.js";
export type { Page, PageInfo } from "./paginate/page.js";
export type { PageAnswer, Paginator } from "./paginate/paginator.js";
export type { PaginatorConfig, PaginatorOption, PaginatorType } from "./paginate/paginator-config.js";
export type { ListPosition } from "./paginate/position.js";
export type { OffsetOptions, PageNumberOptions } from "./paginate/range.js";
export type { HeaderValues } from "./request/headers.js";
export { type PageRequest, type RequestData, withBodyValue, withParam, withUrl } from "./request/page-request.js";
export type { Params, ParamValue } from "./request/params.js";
export type { GetOptions, MethodOptions, PaginateOptions, RequestOptions, StreamOptions } from "./request-options.js";
export { type RestClient, type RestClientOptions, restClient } from "./rest-client.js";
export { type HttpRuntime, processRuntime } from "./runtime.js";
export type { SecretText } from "./secrets.js";
export type { HttpResponse, ResponseParts } from "./send/http-response.js";
export {
  IgnoreResponse,
  type ResponseAction,
  type ResponseFunction,
  type ResponseRule,
} from "./send/response-actions.js";
export type { Outcome, RetryCondition } from "./send/retry-rules.js";
export type { Fetch } from "./send/wire.js";
export type { RateLimitOptions, RetryOptions, SendOptions, Timeouts } from "./settings.js";
