namespace SalesBrain.Functions.Organizations;

/// <summary>What is told about mails that invite.</summary>
internal static class UserInvitation
{
    internal const string NotSent = "The invitation could not be mailed. Send it again with POST /api/v1/users/{id}/invitation.";
}
