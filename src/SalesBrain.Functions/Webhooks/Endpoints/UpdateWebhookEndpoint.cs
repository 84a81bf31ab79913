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

/// <summary>Changes an endpoint, for owners and admins, and for sb_admin.</summary>
public sealed class UpdateWebhookEndpoint(RequestPipeline pipeline, SecretBox secrets, IOptions<WebhookOptions> options)
{
    [Function(nameof(UpdateWebhookEndpoint))]
    [Operation("Webhook endpoints", "Update a webhook endpoint", Description =
        "Only the fields that are sent change; null clears a field. A new auth_mode replaces the secret and auth_settings. "
        + "The response is the only one that contains the new secret; the old secret stops working immediately. auth_settings is "
        + "always replaced as a whole. After a change of type_aliases or field_paths, failed and ignored webhook logs of the endpoint can "
        + "be retried; they are read again with the new settings.")]
    [Requires(Capability.ManageWebhookEndpoints)]
    [Returns(200, typeof(WebhookEndpoint))]
    [Problems("not_found")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "api/admin/webhooks/endpoints/{endpointId:guid}")] HttpRequest request,
        Guid endpointId) =>
        pipeline.RunAsync<UpdateWebhookEndpoint, UpdateWebhookEndpointRequest>(
            request, (call, input) => ChangeAsync(call, endpointId, input));

    private async Task<IResult> ChangeAsync(Call call, Guid endpointId, UpdateWebhookEndpointRequest input)
    {
        await using var session = await call.WriteAsync();
        if (await WebhookEndpoints.LockAsync(session, endpointId, call.CancellationToken) is not { } before)
        {
            return Problems.NotFound;
        }
        var authMode = input.AuthMode.Or(before.AuthMode)!;
        var isOtherMode = authMode != before.AuthMode;
        var settings = input.AuthSettings.IsSet || isOtherMode ? input.AuthSettings.Value ?? new AuthSettings() : AuthSettings.Of(before);
        var errors = new InputErrors();
        EndpointInput.CheckAuthentication(before.Source, settings.In(authMode), isOtherMode ? input.Secret.Value : null, errors);
        EndpointInput.CheckTypeAliases(input.TypeAliases.Value, errors);
        if (input.Secret.IsSet && !isOtherMode)
        {
            errors.Add("secret", "can only be set together with auth_mode; to replace the secret, rotate the endpoint");
        }
        if (errors.Any)
        {
            return Problems.InvalidInput(errors);
        }

        var secret = isOtherMode ? NewSecret.For(authMode, input.Secret.Value) : null;
        var changed = before with
        {
            Name = input.Name.Or(before.Name)!.Trim(),
            AuthMode = authMode,
            AuthSettings = settings.ToJson(),
            SecretLast4 = isOtherMode ? secret?.Last4 : before.SecretLast4,
            Status = input.Status.Or(before.Status)!,
            ExpectEverySeconds = input.ExpectEvery.IsSet ? EndpointInput.Seconds(input.ExpectEvery.Value) : before.ExpectEverySeconds,
            TypeAliases = input.TypeAliases.IsSet ? input.TypeAliases.Value ?? EndpointInput.NoAliases : before.TypeAliases,
            FieldPaths = input.FieldPaths.IsSet ? (input.FieldPaths.Value ?? new FieldPaths()).ToJson() : before.FieldPaths,
            UpdatedAt = call.Now.UtcDateTime,
        };
        var changes = AuditedChanges.Between(AuditedEndpoint.Of(before), AuditedEndpoint.Of(changed));
        if (changes.AreEmpty)
        {
            // No new version: receivers that have cached the endpoint stay current.
            return Show(call, before);
        }
        var after = await WebhookEndpoints.UpdateAsync(
            session, changed, secret?.Seal(secrets, before.OrganizationId), call.CancellationToken);
        await call.AuditAsync(session, "webhook_endpoint.updated", "webhook_endpoint", after.Id, after.OrganizationId, changes);
        await session.CommitAsync();
        return Show(call, after, secret);
    }

    private IResult Show(Call call, WebhookEndpointRow row, NewSecret? secret = null) =>
        ApiResults.Ok(WebhookEndpoint.Of(row, options.Value.PublicBaseUrl, call.Now.UtcDateTime) with { Secret = secret?.Text });
}

public sealed record UpdateWebhookEndpointRequest
{
    [Required]
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public Optional<string> Name { get; init; }

    [Required]
    [AuthMode]
    public Optional<string> AuthMode { get; init; }

    /// <summary>Replaced as a whole: omitted fields get their defaults; null resets all fields.</summary>
    public Optional<AuthSettings> AuthSettings { get; init; }

    /// <summary>A secret chosen by the caller. Allowed only together with a new auth_mode. If omitted then, one is generated.</summary>
    [Accepts(MinLength = AuthenticationRules.MinSecretLength, Pattern = TextPatterns.PrintableAscii)]
    [StringLength(500)]
    [Verbatim]
    public Optional<string> Secret { get; init; }

    /// <summary>
    /// The owners are notified after this time without a delivery. Minutes, hours or days, such as <c>90m</c>, <c>2h</c> or <c>7d</c>; null
    /// for no notification.
    /// </summary>
    [Interval]
    public Optional<string> ExpectEvery { get; init; }

    /// <summary>
    /// The canonical event types of the sender's own names, such as <c>{"DEAL_WON": "lead.closed"}</c>. Letter case and what stands between
    /// the words make no difference. Replaced as a whole; null removes all. Afterwards failed and ignored logs of the endpoint can be
    /// retried.
    /// </summary>
    [TypeAliases]
    public Optional<JsonElement?> TypeAliases { get; init; }

    /// <summary>
    /// Where fields are in the events that this endpoint receives, if not where they are usually found. Replaced as a whole; null removes
    /// all.
    /// </summary>
    public Optional<FieldPaths> FieldPaths { get; init; }

    [Required]
    [AllowedValues("active", "disabled")]
    public Optional<string> Status { get; init; }
}
