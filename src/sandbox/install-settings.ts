import { PermissionFlagsBits } from 'discord-api-types/v10';

/** What the application's portal page has set up for a link that asks for nothing in particular. */
export const defaultInstall = {
  scopes: ['bot', 'applications.commands'],
  permissions: String(
    PermissionFlagsBits.ViewChannel |
      PermissionFlagsBits.ReadMessageHistory |
      PermissionFlagsBits.Connect |
      PermissionFlagsBits.SendMessages |
      PermissionFlagsBits.EmbedLinks,
  ),
};
