using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Core.Security;
using SalesBrain.Core.Values;
using SalesBrain.Core.Webhooks.Receiving.Verification;
using SalesBrain.Data.Webhooks.Endpoints;

namespace SalesBrain.Functions.Webhooks.Endpoints;

/// <summary>Makes a receiving URL for one source, for owners and admins, and for sb_admin in any organization.</summary>
public sealed class CreateWebhookEndpoint(RequestPipeline pipeline, SecretBox secrets, IOptions<WebhookOptions> options)
{
    [Function(nameof(CreateWebhookEndpoint))]
    [Operation("Webhook endpoints", "Create a webhook endpoint", Description =
        "The response is the only one that contains url, token and secret; later responses show the last four characters. Give "
        + "the sender the url. Unless auth_mode is token, give it the secret too: as the header's value (header), as the password "
        + "(basic) or as the signing key (hmac, standard_webhooks).")]
    [Requires(Capability.ManageWebhookEndpoints)]
    [Returns(201, typeof(WebhookEndpoint))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/webhooks/endpoints")] HttpRequest request) =>
        pipeline.RunAsync<CreateWebhookEndpoint, CreateWebhookEndpointRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var settings = input.AuthSettings ?? new AuthSettings();
            EndpointInput.CheckAuthentication(input.Source, settings.In(input.AuthMode), input.Secret, errors);
            EndpointInput.CheckTypeAliases(input.TypeAliases, errors);
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }

            var receivingToken = WebhookSecrets.CreateToken();
            var secret = NewSecret.For(input.AuthMode, input.Secret);
            var endpoint = new NewWebhookEndpoint
            {
                Id = Guid.CreateVersion7(call.Now),
                OrganizationId = organizationId,
                Source = input.Source,
                Name = input.Name.Trim(),
                TokenHash = WebhookSecrets.HashToken(receivingToken),
                TokenLast4 = receivingToken[^4..],
                AuthMode = input.AuthMode,
                AuthSettings = settings.ToJson(),
                SecretSealed = secret?.Seal(secrets, organizationId),
                SecretLast4 = secret?.Last4,
                Status = input.Status,
                ExpectEverySeconds = EndpointInput.Seconds(input.ExpectEvery),
                TypeAliases = input.TypeAliases ?? EndpointInput.NoAliases,
                FieldPaths = (input.FieldPaths ?? new FieldPaths()).ToJson(),
                CreatedBy = call.Caller.UserId,
                CreatedAt = call.Now.UtcDateTime,
            };
            await using var session = await call.WriteAsync();
            if (!await WebhookEndpoints.AddAsync(session, endpoint, call.CancellationToken))
            {
                return Problems.InvalidMember("organization_id", "must be the id of an existing organization");
            }
            var row = (await WebhookEndpoints.FindAsync(session, endpoint.Id, call.CancellationToken))!;
            await call.AuditAsync(
                session, "webhook_endpoint.created", "webhook_endpoint", row.Id, row.OrganizationId,
                AuditedChanges.Created(AuditedEndpoint.Of(row)));
            await session.CommitAsync();

            var answer = WebhookEndpoint.Of(row, options.Value.PublicBaseUrl, call.Now.UtcDateTime).WithToken(receivingToken) with { Secret = secret?.Text };
            return ApiResults.Created($"/api/admin/webhooks/endpoints/{row.Id}", answer);
        });
}

public sealed record CreateWebhookEndpointRequest
{
    /// <summary>The organization of the endpoint. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    [ReceivingSource]
    public required string Source { get; init; }

    /// <summary>Display name.</summary>
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public required string Name { get; init; }

    /// <summary>How deliveries are authenticated, in addition to the token, which is always required.</summary>
    [AuthMode]
    public string AuthMode { get; init; } = AuthenticationModes.Token;

    public AuthSettings? AuthSettings { get; init; }

    /// <summary>A secret chosen by the caller. If omitted, one is generated.</summary>
    [Accepts(MinLength = AuthenticationRules.MinSecretLength, Pattern = TextPatterns.PrintableAscii)]
    [StringLength(500)]
    [Verbatim]
    public string? Secret { get; init; }

    /// <summary>
    /// The owners are notified after this time without a delivery. Minutes, hours or days, such as <c>90m</c>, <c>2h</c> or <c>7d</c>.
    /// </summary>
    [Interval]
    public string? ExpectEvery { get; init; }

    /// <summary>
    /// The canonical event types of the sender's own names, such as <c>{"DEAL_WON": "lead.closed"}</c>. Letter case and what stands between
    /// the words make no difference.
    /// </summary>
    [TypeAliases]
    public JsonElement? TypeAliases { get; init; }

    /// <summary>Where fields are in the events that this endpoint receives, if not where they are usually found.</summary>
    public FieldPaths? FieldPaths { get; init; }

    [AllowedValues("active", "disabled")]
    public string Status { get; init; } = "active";
}
