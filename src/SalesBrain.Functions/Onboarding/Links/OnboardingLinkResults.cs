using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SalesBrain.Core.Onboarding;
using SalesBrain.Core.Security;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Creates responses for links. Decrypts the token for the URL.</summary>
public sealed class OnboardingLinkResults(SecretBox secrets, IOptions<OnboardingOptions> options, ILogger<OnboardingLinkResults> log)
{
    internal OnboardingLink Of(OnboardingLinkRow row) => new()
    {
        Id = row.Id,
        OrganizationId = row.OrganizationId,
        OrganizationName = row.OrganizationName,
        LinkUrl = UrlOf(row),
        TemplateId = row.TemplateId,
        TemplateName = row.TemplateName,
        WelcomeMessage = row.WelcomeMessage,
        Status = row.Status,
        ExpiresAt = row.ExpiresAt,
        ClicksCount = row.ClicksCount,
        FirstAccessedAt = row.FirstAccessedAt,
        LastAccessedAt = row.LastAccessedAt,
        CompletedAt = row.CompletedAt,
        CurrentStep = row.CurrentStep,
        TotalSteps = row.TotalSteps,
        ProgressPercentage = row.ProgressPercentage,
        RevokedAt = row.RevokedAt,
        RevokedBy = row.RevokedBy,
        RevokedReason = row.RevokedReason,
        CreatedBy = row.CreatedBy,
        CreatedByEmail = row.CreatedByEmail,
        CreatedByFirstName = row.CreatedByFirstName,
        CreatedByLastName = row.CreatedByLastName,
        CreatedAt = row.CreatedAt,
        UpdatedAt = row.UpdatedAt,
    };

    private string? UrlOf(OnboardingLinkRow row)
    {
        try
        {
            return options.Value.LinkUrl(secrets.OpenText(row.TokenSealed, row.OrganizationId, OnboardingTokens.Purpose));
        }
        catch (SecretBoxException e)
        {
            // A link whose key was removed must not break the whole list.
            log.LogWarning("The token of onboarding link {LinkId} cannot be opened: {Reason}", row.Id, e.Message);
            return null;
        }
    }
}
