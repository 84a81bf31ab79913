using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Access;
using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Security;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>
/// Makes a link that walks a person without an account through onboarding, for owners and admins, and for platform operators in any
/// organization.
/// </summary>
public sealed class CreateOnboardingLink(RequestPipeline pipeline, SecretBox secrets, IOptions<OnboardingOptions> options)
{
    [Function(nameof(CreateOnboardingLink))]
    [Operation("Onboarding links", "Create an onboarding link", BodyOptional = true, Description =
        "Send link_url to the invited person. Anyone with the link can complete the onboarding without signing in, until the "
        + "link expires, is used or is revoked.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Returns(201, typeof(CreatedOnboardingLink))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/admin/onboarding/create-link")] HttpRequest request) =>
        pipeline.RunAsync<CreateOnboardingLink, CreateOnboardingLinkRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }

            var linkToken = OnboardingTokens.Create();
            var link = new NewOnboardingLink
            {
                Id = Guid.CreateVersion7(call.Now),
                OrganizationId = organizationId,
                TokenHash = OnboardingTokens.Hash(linkToken)!,
                TokenSealed = secrets.Seal(linkToken, organizationId, OnboardingTokens.Purpose),
                TemplateName = input.TemplateName?.Trim() ?? "Basic Onboarding",
                WelcomeMessage = input.WelcomeMessage?.Trim() ?? "Welcome to Salesbrain!",
                ExpiresAt = call.Now.UtcDateTime.AddDays(input.ExpirationDays),
                TotalSteps = input.TotalSteps,
                CreatedBy = call.Caller.UserId,
                CreatedAt = call.Now.UtcDateTime,
            };
            await using var session = await call.WriteAsync();
            if (!await OnboardingLinks.AddAsync(session, link, call.CancellationToken))
            {
                return Problems.InvalidMember("organization_id", "must be the id of an existing organization");
            }
            var row = (await OnboardingLinks.FindAsync(session, link.Id, call.Now.UtcDateTime, call.CancellationToken))!;
            await call.AuditAsync(session, "onboarding_link.created", "onboarding_link", row.Id, row.OrganizationId, new
            {
                after = new
                {
                    template_name = row.TemplateName,
                    welcome_message = row.WelcomeMessage,
                    expires_at = row.ExpiresAt,
                    total_steps = row.TotalSteps,
                },
            });
            await session.CommitAsync();

            return ApiResults.Created($"/api/admin/onboarding/link/{row.Id}", new CreatedOnboardingLink
            {
                LinkUrl = options.Value.LinkUrl(linkToken),
                LinkId = row.Id,
                LinkToken = linkToken,
                ExpiresAt = row.ExpiresAt,
                Status = row.Status,
            });
        });
}

public sealed record CreateOnboardingLinkRequest
{
    /// <summary>The organization of the link. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>The onboarding template. Default: <c>Basic Onboarding</c>.</summary>
    [StringLength(200)]
    [NotBlank]
    [NameText]
    public string? TemplateName { get; init; }

    /// <summary>The welcome message for the visitor. Default: <c>Welcome to Salesbrain!</c>.</summary>
    [StringLength(2000)]
    [NotBlank]
    public string? WelcomeMessage { get; init; }

    /// <summary>Number of days until the link expires.</summary>
    [Range(1, 365)]
    public int ExpirationDays { get; init; } = 7;

    [Range(1, 50)]
    public int TotalSteps { get; init; } = 5;
}

public sealed record CreatedOnboardingLink
{
    /// <summary>The link to send to the person. Contains the token.</summary>
    public required string LinkUrl { get; init; }
    public required Guid LinkId { get; init; }

    /// <summary>32 letters and digits.</summary>
    public required string LinkToken { get; init; }
    public required DateTime ExpiresAt { get; init; }

    /// <summary><c>active</c>.</summary>
    [AllowedValues("active")]
    public required string Status { get; init; }
}
