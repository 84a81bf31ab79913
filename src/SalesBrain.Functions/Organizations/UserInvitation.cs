namespace SalesBrain.Functions.Organizations;

/// <summary>The message for invitations that could not be sent.</summary>
internal static class UserInvitation
{
    internal const string NotSent = "The invitation could not be e-mailed. To send it again, call POST /api/v1/users/{id}/invitation.";
}
